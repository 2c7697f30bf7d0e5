import type { RunResult } from '@drumline/client';
import { Limit } from './limit.js';
import { Losses } from './losses.js';
import { Phases } from './phases.js';
import { Plan } from './plan.js';
import { Schedule } from './schedule.js';
import { ServiceTimes } from './service-times.js';
import { Annotations, Outputs, RowsUsed, SharedValues, Untrusted } from './small-tables.js';
import { Statuses } from './statuses.js';
import { Thresholds } from './thresholds.js';

interface Props {
  readonly result: RunResult;
}

/** By what the run was judged. */
export function Judged({ result }: Props) {
  return (
    <>
      <Thresholds result={result} />
      <Limit result={result} />
    </>
  );
}

/** What happened during the run, and how it was planned. Empty sections are left out. */
export function Details({ result }: Props) {
  return (
    <>
      <Annotations result={result} />
      <Schedule result={result} />
      <Losses result={result} />
      <Untrusted result={result} />
      <RowsUsed result={result} />
      <SharedValues result={result} />
      <Outputs result={result} />
      <Plan result={result} />
    </>
  );
}

/** More about each series. */
export function SeriesDetails({ result }: Props) {
  return (
    <>
      <Phases result={result} />
      <ServiceTimes result={result} />
      <Statuses result={result} />
    </>
  );
}
