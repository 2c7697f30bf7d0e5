import { DEFAULT_LANE_GROUP, type Millis, type Plan } from '@drumline/model';
import type { ErrorTotals, OtherTotals, ThresholdJudge } from '@drumline/stats';
import { checkOf, countedOf, errorsOf, exceptionOf, metricOf } from '@drumline/wire';
import type { ErrorsView, MetricsView, StatsView, StatusView, WorkerView } from '@drumline/wire';
import type { LimitSearch } from '../run/limit-search.js';
import type { Participant } from '../allocation/participant.js';
import type { Aggregate } from '../intervals/aggregate.js';
import { countedSeconds, withSamples } from '../report/result.js';
import { thresholdStates } from '../report/thresholds.js';
import { timelineOf } from '../report/timeline.js';

/** A worker in the format of the API. */
export function workerView(worker: Participant, nowMs: Millis, suspectAfterMs: Millis): WorkerView {
  const { id, hello, state, health, requests } = worker;
  const silentMs = Math.max(0, Math.round(nowMs - worker.member.lastSeenMs));
  const percent = (part: number): number => Math.round(part * 1_000) / 10;
  const isSuspect = silentMs > suspectAfterMs && worker.isPresent;
  return {
    id,
    name: hello.name,
    host: hello.host,
    pid: hello.pid,
    version: hello.version,
    state: isSuspect ? 'suspect' : state,
    silentMs,
    users: worker.users,
    requests,
    cpuPercent: percent(health?.cpu ?? 0),
    memoryBytes: health?.memoryBytes ?? 0,
    loopDelayMs: round(health?.loopDelayMs ?? 0),
    lanes: (health?.lanes ?? []).map(
      ({ lane, state: laneState, users, cpu, busy, memoryBytes, loopDelayMs, stalledMs }) => ({
        lane,
        group: worker.laneGroups[lane] ?? DEFAULT_LANE_GROUP,
        state: laneState,
        users,
        cpuPercent: percent(cpu),
        busyPercent: percent(busy),
        memoryBytes,
        loopDelayMs: round(loopDelayMs),
        stalledMs: round(stalledMs),
      }),
    ),
  };
}

export function failedView({ totals }: Aggregate, startedAt: Date): StatusView['failed'] {
  const { newestException, ...counts } = totals.failed;
  if (newestException === undefined) return counts;
  const at = (ms: number): string => new Date(startedAt.getTime() + ms).toISOString();
  const { user, task, message, place, lastSeenAt } = exceptionOf(newestException, at);
  return { ...counts, newestException: { user, task, message, ...(place && { place }), at: lastSeenAt } };
}

/** What has failed, with a few of the failed requests. */
export function errorsView(
  failures: ErrorTotals,
  plan: Pick<Plan, 'failureSamples'> | Record<string, never>,
  startedAt: Date,
): ErrorsView {
  const at = (ms: number): string => new Date(startedAt.getTime() + ms).toISOString();
  return {
    errors: withSamples(failures, plan, errorsOf(failures, at), at),
    exceptions: failures.exceptions.map((exception) => exceptionOf(exception, at)),
  };
}

/** What is counted beside requests. @param seconds for the rates */
export function metricsView({ checks, metrics, connections }: OtherTotals, seconds: number): MetricsView {
  return {
    checks: checks.map(checkOf),
    metrics: metrics.map((metric) => metricOf(metric, seconds)),
    connections,
  };
}

/** How the thresholds stand; empty if there are none. */
export function thresholdsView(judge: ThresholdJudge | undefined): Pick<StatusView, 'thresholds'> {
  return judge === undefined || judge.thresholds.length === 0 ? {} : { thresholds: thresholdStates(judge) };
}

/** How far a search for a limit is; empty if the load is none. */
export function limitView(search: LimitSearch | undefined): Pick<StatusView, 'limit'> {
  if (!search) return {};
  const { perSecond = null, steps, found } = search;
  const step = perSecond === null ? steps.length : steps.length + 1;
  return { limit: { step, perSecond, passedPerSecond: found.perSecond } };
}

/**
 * Everything counted so far. @param currentSecond the last complete second for which every report
 * should have arrived
 */
export function statsView(
  aggregate: Aggregate,
  startedAt: Date,
  elapsedMs: Millis,
  currentSecond: number,
): StatsView {
  const snapshot = aggregate.totals.snapshot();
  const seconds = countedSeconds(aggregate, elapsedMs);
  const at = (ms: number): string => new Date(startedAt.getTime() + ms).toISOString();
  const second = Math.max(0, currentSecond);
  return {
    elapsedMs,
    ...countedOf(snapshot, seconds, at),
    current: timelineOf(aggregate, startedAt, second, second)[0]!,
    connections: snapshot.connections,
    schedule: snapshot.schedule,
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
