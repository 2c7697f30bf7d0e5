import type { StatusView } from '@drumline/client';
import type { RunSource } from '../run/run-source.js';
import { RunCharts } from './run-charts.js';
import { Thresholds } from './thresholds.js';
import { Tiles } from './tiles.js';
import { usePolled } from '../parts/poll.js';
import { PhaseMeans } from '../result/phases.js';
import { Details, Judged } from '../result/sections.js';

const EVERY_MS = 2_000;

/** The first view of a run: figures, thresholds, notes and charts; at its end, all about it. */
export function Overview({ run }: { readonly run: RunSource }) {
  const status = run.status.value;
  const result = run.result.value;
  const isOver = result !== undefined;
  const { value: totals } = usePolled(() => run.reads.totals(), isOver ? 0 : EVERY_MS, [run, isOver]);
  return (
    <>
      <Tiles run={run} totals={totals} />
      <Notes notes={result?.notes ?? status?.notes ?? []} isOpen={result !== undefined} />
      {!result && (
        <div class="side-by-side">
          {status?.thresholds && <Thresholds thresholds={status.thresholds} />}
          <div class="column">
            {status && <Phases stages={status.stages} />}
            {totals && <PhaseMeans totals={totals} />}
          </div>
        </div>
      )}
      {result && <Judged result={result} />}
      <RunCharts run={run} />
      {result && <Details result={result} />}
    </>
  );
}

function Phases({ stages }: { readonly stages: StatusView['stages'] }) {
  const named = stages.filter(({ stages: count, phase }) => phase !== '' || count > 1);
  if (named.length === 0) return null;
  return (
    <section class="card" aria-label="Phases">
      <h2>Load now</h2>
      <ul class="phases">
        {named.map(({ phase, userTypes, kind, number, stages: count, from, to, elapsedMs, durationMs }) => (
          <li key={`${phase} ${userTypes.join()}`}>
            <strong>{phase || userTypes.join(', ')}</strong>: stage {number} of {count},{' '}
            {from === to ? to : `${from} to ${to}`}{' '}
            {kind === 'users' ? 'users' : kind === 'fixed' ? 'iterations' : `${kind}/s`}
            {durationMs !== null && <progress max={durationMs} value={Math.min(elapsedMs, durationMs)} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface NotesProps {
  readonly notes: StatusView['notes'];
  /** Whether all are shown without a click. */
  readonly isOpen: boolean;
}

function Notes({ notes, isOpen }: NotesProps) {
  if (notes.length === 0) return null;
  const title = notes.length === 1 ? 'One note' : `${notes.length} notes`;
  return (
    <details class="notes" id="notes" open={isOpen}>
      <summary>{isOpen ? `${title} on these results` : title}</summary>
      <ul>
        {notes.map(({ code, message }) => (
          <li key={code + message}>
            <code>{code}</code> <span>{message}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
