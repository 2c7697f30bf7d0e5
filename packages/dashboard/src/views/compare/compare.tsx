import type { ComparedRunView, ComparisonView, MasterClient } from '@drumline/client';
import { formatCount, formatInstant, formatNumber, formatRate } from '../../format.js';
import { usePolled } from '../../parts/poll.js';
import { Tags } from '../../parts/tags.js';
import { ComparedSeries } from './compared-series.js';
import { ComparedStatistics } from './compared-statistics.js';
import { ComparedStatuses } from './compared-statuses.js';
import { Distributions } from './distributions.js';
import { SIGNS, TONES } from './verdicts.js';
import { Problem } from '../../parts/problem.js';

interface Props {
  readonly master: MasterClient;
  readonly baseline: string;
  readonly other: string;
}

/** Two ended runs: is a difference more than noise? */
export function Compare({ master, baseline, other }: Props) {
  const { value, error } = usePolled(() => master.compare({ baseline, run: other }), 0, [
    master,
    baseline,
    other,
  ]);
  return (
    <>
      <h1>Comparison</h1>
      {error !== undefined ? (
        <Problem>{error}</Problem>
      ) : value ? (
        <Compared comparison={value} />
      ) : (
        <p class="muted empty" role="status">
          The master compares the runs. This takes some seconds.
        </p>
      )}
    </>
  );
}

function Compared({ comparison }: { readonly comparison: ComparisonView }) {
  const { baseline, compared, verdict, meaning, confidence, advice, remarks, distribution } = comparison;
  return (
    <>
      <p class="judgment">
        <strong class={`verdict ${TONES[verdict]}`}>
          {SIGNS[verdict]} {verdict === 'cannot-tell' ? 'cannot tell' : verdict}
        </strong>{' '}
        {meaning} <span class="muted">(confidence {confidence * 100} %)</span>
      </p>
      {advice !== undefined && <p>{advice}</p>}
      <div class="side-by-side">
        <Run title="Baseline" run={baseline} />
        <Run title="New run" run={compared} />
      </div>
      {remarks.length > 0 && (
        <section class="notes" aria-label="Remarks">
          {remarks.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </section>
      )}
      {distribution && <Distributions distribution={distribution} totals={comparison.totals} />}
      <ComparedStatistics totals={comparison.totals} />
      <ComparedStatuses statuses={comparison.statuses} />
      <ComparedSeries series={comparison.series} />
    </>
  );
}

function Run({ title, run }: { readonly title: string; readonly run: ComparedRunView }) {
  const { id, scenario, startedAt, requests, rate, meanUsers, fromSecond, toSecond, target, labels } = run;
  return (
    <section class="card" aria-label={title}>
      <h2>
        {title}: <a href={`#/run/${id}/overview`}>{scenario}</a> <code>{id.slice(0, 8)}</code>
      </h2>
      <p class="muted">
        {formatInstant(startedAt)}
        {target !== undefined && <> · {target}</>}
        <Tags tags={labels} />
      </p>
      <p>
        {formatCount(requests)} requests, {formatRate(rate)}, {formatNumber(meanUsers)} users, from second{' '}
        {fromSecond} to {toSecond}
      </p>
    </section>
  );
}
