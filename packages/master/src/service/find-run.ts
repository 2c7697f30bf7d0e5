import { closest, isRunOver, RequestError } from '@drumline/model';
import type { RunView } from '@drumline/wire';

/** The shortest beginning of an id that may name a run. */
const MIN_PREFIX = 4;
const SHOWN_IDS = 5;

/**
 * The run that a request names: its id, the unique beginning of one, or `current`.
 * @param runs newest first
 * @throws RequestError `run-unknown`, `run-ambiguous`
 */
export function findRun(runs: readonly RunView[], named: string): RunView {
  if (named === 'current') return currentRun(runs);
  const exact = runs.find(({ runId }) => runId === named);
  if (exact) return exact;
  const matching = named.length < MIN_PREFIX ? [] : runs.filter(({ runId }) => runId.startsWith(named));
  if (matching.length > 1)
    throw new RequestError(
      'run-ambiguous',
      `several runs begin with '${named}'`,
      `Use more of the id: ${idsOf(matching)}.`,
    );
  if (matching[0]) return matching[0];
  throw new RequestError('run-unknown', `there is no run '${named}'`, hintFor(named, runs));
}

/**
 * The run that is meant if a request names none: the one that runs, else the first of the queue,
 * else the newest that ended.
 */
function currentRun(runs: readonly RunView[]): RunView {
  const active = runs.filter(({ state }) => state !== 'queued' && !isRunOver(state));
  if (active.length > 1)
    throw new RequestError(
      'run-ambiguous',
      `${active.length} runs are in progress`,
      `Name one: ${idsOf(active)}.`,
    );
  const [first] = runs
    .filter(({ state }) => state === 'queued')
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const found = active[0] ?? first ?? runs[0];
  if (found) return found;
  throw new RequestError('run-unknown', 'this master has no run', 'Submit one with `drumline submit`.');
}

function hintFor(named: string, runs: readonly RunView[]): string {
  const near = closest(
    named,
    runs.map(({ runId }) => (named.length < runId.length ? runId.slice(0, named.length) : runId)),
  );
  const meant = near === undefined ? undefined : runs.find(({ runId }) => runId.startsWith(near));
  if (meant) return `Did you mean ${meant.runId}?`;
  return runs.length === 0 ? 'This master has no run.' : `Its runs are: ${idsOf(runs)}.`;
}

function idsOf(runs: readonly RunView[]): string {
  const shown = runs.slice(0, SHOWN_IDS).map(({ runId, scenario }) => `${runId} (${scenario})`);
  return runs.length > SHOWN_IDS ? `${shown.join(', ')}, …` : shown.join(', ');
}
