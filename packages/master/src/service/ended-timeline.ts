import { addBands, NO_BANDS, stepFor, type MergedStep } from '@drumline/stats';
import type { RunResult, StartCounts, TimelinePoint, TimelineQuery, TimelineView } from '@drumline/wire';
import { bandsOf, plannedOf, bandCountsOf } from '../report/timeline.js';
import { readMergedSteps } from '../store/merged-steps.js';

/** The longest interval whose quantiles are read. */
const LONGEST_STEP = 86_400;
/** The number of runs whose quantiles are kept. */
const KEPT_RUNS = 4;

/** Quantiles of runs by the path of their file, the least recently used first. */
const read = new Map<string, Promise<Map<string, MergedStep['quantiles']>>>();

/** The timeline of a run that has ended, in any resolution. */
export function endedTimeline(
  { run, timeline, annotations = [] }: RunResult,
  path: string,
  { from = 0, to = Infinity, points }: TimelineQuery,
): TimelineView | Promise<TimelineView> {
  const startMs = Date.parse(run.startedAt);
  const secondOf = (at: string): number => Math.round((Date.parse(at) - startMs) / 1_000);
  const firstKnown = timeline[0] ? secondOf(timeline[0].at) : 0;
  const end = Math.min(to, firstKnown + timeline.length);
  const first = Math.max(from, firstKnown);
  const step = points === undefined ? 1 : Math.min(LONGEST_STEP, stepFor(Math.max(1, end - first), points));
  const start = first - (first % step);
  const stop = Math.ceil(end / step) * step;
  const view = (merged: TimelinePoint[]): TimelineView => ({
    fromSecond: start,
    stepSeconds: step,
    points: merged,
    annotations: annotations.filter(({ at }) => secondOf(at) >= start && secondOf(at) < stop),
  });
  const seconds = (second: number, length: number): TimelinePoint[] =>
    timeline.slice(Math.max(0, second - firstKnown), Math.max(0, second + length - firstKnown));
  if (step === 1) return view(seconds(start, stop - start));
  return quantilesIn(path, secondOf(run.endedAt) + 1).then((quantiles) => {
    const merged: TimelinePoint[] = [];
    for (let second = start; second < stop; second += step) {
      const [p50Ms, p95Ms, p99Ms] = quantiles.get(`${step} ${second}`) ?? [0, 0, 0];
      const at = new Date(startMs + second * 1_000).toISOString();
      merged.push({ ...sumOf(seconds(second, step)), at, p50Ms, p95Ms, p99Ms });
    }
    return view(merged);
  });
}

/** Reads the quantiles of a run file, of each step and second. */
async function quantilesIn(path: string, end: number): Promise<Map<string, MergedStep['quantiles']>> {
  const known = read.get(path) ?? readMergedSteps({ path, end, withOpen: true }).then(byStep);
  read.delete(path);
  read.set(path, known);
  known.catch(() => read.delete(path));
  const [oldest] = read.keys();
  if (read.size > KEPT_RUNS) read.delete(oldest!);
  return await known;
}

function byStep(steps: readonly MergedStep[]): Map<string, MergedStep['quantiles']> {
  return new Map(steps.map(({ seconds, start, quantiles }) => [`${seconds} ${start}`, quantiles]));
}

/** Sums up the counts of seconds. */
function sumOf(seconds: readonly TimelinePoint[]): TimelinePoint {
  const sum = { at: '', users: 0, requests: 0, failures: 0, failedChecks: 0, exceptions: 0 };
  const starts: StartCounts = { started: 0, late: 0, dropped: 0, skipped: 0 };
  const untrusted = new Set<string>();
  let [cutOffUsers, plannedUsers, plannedRate] = [0, 0, 0];
  let bands = NO_BANDS;
  for (const point of seconds) {
    sum.users = Math.max(sum.users, point.users);
    plannedUsers = Math.max(plannedUsers, point.plannedUsers ?? 0);
    plannedRate = Math.max(plannedRate, point.plannedRate ?? 0);
    cutOffUsers = Math.max(cutOffUsers, point.cutOffUsers ?? 0);
    bands = addBands(bands, bandCountsOf(point.latencyBands));
    sum.requests += point.requests;
    sum.failures += point.failures;
    sum.failedChecks += point.failedChecks ?? 0;
    sum.exceptions += point.exceptions ?? 0;
    for (const field of ['started', 'late', 'dropped', 'skipped'] as const)
      starts[field] += point.starts?.[field] ?? 0;
    for (const worker of point.untrusted ?? []) untrusted.add(worker);
  }
  return {
    ...sum,
    ...plannedOf(plannedUsers, plannedRate),
    ...(cutOffUsers > 0 && { cutOffUsers }),
    ...(untrusted.size > 0 && { untrusted: [...untrusted] }),
    ...(starts.started + starts.dropped + starts.skipped > 0 && { starts }),
    ...bandsOf(bands),
    p50Ms: 0,
    p95Ms: 0,
    p99Ms: 0,
  };
}
