import { readBands, writeBands } from '@drumline/model';
import { NO_BANDS, type BandCounts } from '@drumline/stats';
import type { StartCounts, TimelinePoint } from '@drumline/wire';
import type { Aggregate } from '../intervals/aggregate.js';
import { untrustedIn } from './untrusted.js';

type Timed = Pick<
  Aggregate,
  'timeline' | 'users' | 'plannedUsers' | 'plannedRate' | 'cutOffUsers' | 'untrusted'
>;

/**
 * The points of the run from `fromSecond` to `toSecond` inclusive. A point of several seconds has
 * the sums of the counts, the quantiles of the merged response times, and the most users.
 * @param fromSecond a multiple of `step`
 */
export function timelineOf(
  { timeline, users, plannedUsers, plannedRate, cutOffUsers, untrusted }: Timed,
  startedAt: Date,
  fromSecond: number,
  toSecond: number,
  step = 1,
): TimelinePoint[] {
  if (toSecond < fromSecond) return [];
  return timeline.resampled(fromSecond, toSecond, step).map((point) => {
    const end = Math.min(point.second + step, toSecond + 1);
    const cutOff = mostIn(point.second, end, (second) => cutOffUsers.get(second));
    return {
      at: new Date(startedAt.getTime() + point.second * 1_000).toISOString(),
      users: mostIn(point.second, end, (second) => users[second]),
      ...plannedOf(
        mostIn(point.second, end, (second) => plannedUsers[second]),
        mostIn(point.second, end, (second) => plannedRate[second]),
      ),
      ...(cutOff > 0 && { cutOffUsers: cutOff }),
      ...untrustedIn(untrusted, point.second, end),
      requests: point.requests,
      failures: point.failures,
      failedChecks: point.failedChecks,
      exceptions: point.exceptions,
      ...startsOf(point),
      ...bandsOf(point.bands),
      p50Ms: point.p50Ms,
      p95Ms: point.p95Ms,
      p99Ms: point.p99Ms,
    };
  });
}

function mostIn(from: number, end: number, valueOf: (second: number) => number | undefined): number {
  let most = 0;
  for (let second = from; second < end; second++) most = Math.max(most, valueOf(second) ?? 0);
  return most;
}

/** What the plan asked for. */
export function plannedOf(users: number, rate: number): Pick<TimelinePoint, 'plannedUsers' | 'plannedRate'> {
  return { ...(users > 0 && { plannedUsers: users }), ...(rate > 0 && { plannedRate: rate }) };
}

/** The starts that were due in a second. */
function startsOf({ started, late, dropped, skipped }: StartCounts): Pick<TimelinePoint, 'starts'> {
  return started + dropped + skipped > 0 ? { starts: { started, late, dropped, skipped } } : {};
}

/** The bands of response times as text. */
export function bandsOf(bands: BandCounts): Pick<TimelinePoint, 'latencyBands'> {
  const latencyBands = writeBands(bands);
  return latencyBands === undefined ? {} : { latencyBands };
}

/** Reads the text again. */
export function bandCountsOf(text: string | undefined): BandCounts {
  const bands = [...NO_BANDS];
  for (const { band, count } of readBands(text)) bands[band] = count;
  return bands;
}
