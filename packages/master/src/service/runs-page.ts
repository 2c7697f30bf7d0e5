import { RequestError } from '@drumline/model';
import type { RunsPage, RunsQuery, RunView } from '@drumline/wire';

const DEFAULT_LIMIT = 100;
const ENDED: ReadonlySet<string> = new Set(['finished', 'aborted', 'failed', 'unfinished']);

/**
 * The runs that a query asks for. Pages continue also after a run that was removed meanwhile.
 * @param runs newest first
 * @throws RequestError `argument-invalid` if the cursor is malformed
 */
export function pageOf(runs: readonly RunView[], query: RunsQuery): RunsPage {
  const { state, labels = {}, limit = DEFAULT_LIMIT, after } = query;
  const from = after === undefined ? 0 : placeAfter(runs, after);
  const found = runs.slice(from).filter((run) => isIn(run, state) && hasLabels(run, labels));
  const page = found.slice(0, limit);
  return { runs: page, ...(found.length > limit && { next: cursorOf(page.at(-1)!) }) };
}

function cursorOf({ submittedAt, runId }: RunView): string {
  return `${submittedAt}.${runId}`;
}

/** The index after the run of a cursor, or of the newest run that is older. */
function placeAfter(runs: readonly RunView[], cursor: string): number {
  const [, submittedAt = '', runId] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)\.([\w-]+)$/.exec(cursor) ?? [];
  if (runId === undefined)
    throw new RequestError('argument-invalid', 'after must be `next` of the page before');
  const index = runs.findIndex((run) => run.runId === runId);
  if (index >= 0) return index + 1;
  const older = runs.findIndex((run) => run.submittedAt < submittedAt);
  return older < 0 ? runs.length : older;
}

function isIn({ state }: RunView, wanted: readonly string[] | undefined): boolean {
  return !wanted || wanted.includes(state) || (wanted.includes('active') && !ENDED.has(state));
}

function hasLabels(run: RunView, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => run.labels[name] === value);
}
