import type { RunsPage, RunsQuery, RunView } from '@drumline/wire';

const DEFAULT_LIMIT = 100;
const ENDED: ReadonlySet<string> = new Set(['finished', 'aborted', 'failed', 'unfinished']);

/** The runs that a query asks for. @param runs newest first */
export function pageOf(runs: readonly RunView[], query: RunsQuery): RunsPage {
  const { state, labels = {}, limit = DEFAULT_LIMIT, after } = query;
  const from = after === undefined ? 0 : runs.findIndex(({ runId }) => runId === after) + 1;
  const found = runs.slice(from).filter((run) => isIn(run, state) && hasLabels(run, labels));
  const page = found.slice(0, limit);
  return { runs: page, ...(found.length > limit && { next: page.at(-1)!.runId }) };
}

function isIn({ state }: RunView, wanted: readonly string[] | undefined): boolean {
  return !wanted || wanted.includes(state) || (wanted.includes('active') && !ENDED.has(state));
}

function hasLabels(run: RunView, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => run.labels[name] === value);
}
