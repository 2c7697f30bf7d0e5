import {
  byId,
  DEFAULT_FAILURE_SAMPLES,
  EXIT_CODES,
  failureHint,
  reachedOf,
  reasonsOf,
  type ExitName,
  type FoundLimit,
  type Note,
  withoutLogin,
  type Plan,
} from '@drumline/model';
import { errorId, type ErrorTotals } from '@drumline/stats';
import { countedOf, VERSION } from '@drumline/wire';
import type {
  AnnotationView,
  OutputView,
  ErrorResult,
  PlanResult,
  RowsResult,
  SharedResult,
  RunResult,
  ThresholdResult,
  Verdict,
  WorkerResult,
} from '@drumline/wire';
import { limitResultOf } from './limit.js';
import { loadPartOf } from './load-part.js';
import type { Loss, Uncounted } from '../allocation/loss.js';
import type { Rate } from '../allocation/pace.js';
import type { StoredParticipant } from '../allocation/participant.js';
import type { Aggregate } from '../intervals/aggregate.js';
import { timelineOf } from './timeline.js';
import { untrustedOf } from './untrusted.js';
import { combinedLosses, lossResults } from './losses.js';
import { busiestTypeFactor, rateAround } from './rates.js';
import { rowNotes } from './rows.js';

/** Input of a result. */
export interface RunFacts {
  readonly id: string;
  readonly plan: Plan;
  readonly state: string;
  /** Wall clock at the start of the run. */
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly exit: ExitName;
  readonly verdict: Verdict;
  readonly aggregate: Aggregate;
  /** Empty if the plan has no thresholds. */
  readonly thresholds?: readonly ThresholdResult[];
  /** The answer of a search for a limit. */
  readonly limit?: FoundLimit | undefined;
  readonly workers: readonly ReportedWorker[];
  readonly losses: readonly Loss[];
  /** Empty if the plan has no test data that is used once or borrowed. */
  readonly rows: readonly RowsResult[];
  readonly shared?: SharedResult | undefined;
  readonly notes: readonly Note[];
  readonly annotations?: readonly AnnotationView[] | undefined;
  readonly outputs?: readonly OutputView[] | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/** What a result contains about a worker. */
type ReportedWorker = Pick<
  StoredParticipant,
  | 'id'
  | 'hello'
  | 'state'
  | 'laneGroups'
  | 'requests'
  | 'peakLaneCpu'
  | 'peakControlCpu'
  | 'peakMemoryBytes'
  | 'longestHeartbeatGapMs'
  | 'limits'
  | 'reached'
>;

/** Builds the result of a run, the object that scripts rely on. */
export function buildResult(facts: RunFacts): RunResult {
  const { id, plan, state, startedAt, durationMs, exit, verdict, aggregate, workers, losses } = facts;
  const { notes, rows, thresholds = [], annotations = [], outputs = [] } = facts;
  const snapshot = aggregate.totals.snapshot();
  const seconds = countedSeconds(aggregate, durationMs);
  const at = (ms: number): string => new Date(startedAt.getTime() + ms).toISOString();
  const counted = countedOf(snapshot, seconds, at);
  const elsewhere = (loss: Uncounted): Rate | undefined =>
    rateAround(aggregate, loss, busiestTypeFactor(snapshot, plan));
  const { exitCode } = EXIT_CODES[exit];
  const { coarseSeconds } = aggregate.timeline;
  const result = {
    schema: 'drumline.result/1' as const,
    run: {
      id,
      scenario: plan.name,
      target: plan.target && withoutLogin(plan.target),
      state,
      startedAt: startedAt.toISOString(),
      endedAt: at(durationMs),
      durationMs: Math.round(durationMs),
      drumline: VERSION,
      ...(plan.labels && { labels: plan.labels }),
      ...(plan.parameters && { parameters: plan.parameters }),
    },
    plan: planResultOf(plan),
    ...(facts.options && { options: facts.options }),
    verdict,
    exitCode,
    exit,
    ...(thresholds.length > 0 && { thresholds: [...thresholds] }),
    ...(facts.limit && { limit: limitResultOf(facts.limit) }),
    ...counted,
    errors: withSamples(snapshot, plan, counted.errors, at),
    connections: snapshot.connections,
    ...(rows.length > 0 && { rows: [...rows] }),
    ...(facts.shared && { shared: facts.shared }),
    ...(snapshot.schedule.length > 0 && { schedule: snapshot.schedule }),
    timeline: timelineOf(aggregate, startedAt, aggregate.fromSecond, Math.ceil(durationMs / 1_000) - 1),
    ...(coarseSeconds > 0 && { coarseSeconds }),
    ...untrustedOf(aggregate, at),
    workers: workers.map((worker) => workerResultOf(worker, plan.sourceAddresses)).sort(byId),
    losses: lossResults(losses, at, elsewhere),
    ...(annotations.length > 0 && { annotations: [...annotations] }),
    ...(outputs.length > 0 && { outputs: [...outputs] }),
    notes: [...notes, ...combinedLosses(losses), ...rowNotes(rows), ...hintsOn(snapshot)],
  };
  return { ...result, reasons: reasonsOf(result) };
}

function planResultOf(plan: Plan): PlanResult {
  const { load, seed, userTypes, stopTimeoutMs, tags } = plan;
  return {
    load: { parts: load.parts.map((part) => loadPartOf(part, plan)) },
    seed,
    userTypes: userTypes.map(({ name, weight, fixedCount, tasks }) => ({
      name,
      weight,
      ...(fixedCount !== undefined && { fixedCount }),
      tasks: [...tasks],
    })),
    stopTimeoutMs,
    ...(tags.include.length > 0 && { tags: [...tags.include] }),
    ...(tags.exclude.length > 0 && { excludeTags: [...tags.exclude] }),
  };
}

/** The seconds that rates refer to: since the start, or since the last reset. */
export function countedSeconds(aggregate: Aggregate, elapsedMs: number): number {
  return Math.max(0.001, elapsedMs / 1_000 - aggregate.fromSecond);
}

/** Adds failed requests to the errors. Their order is that of the snapshot. */
export function withSamples(
  { errors, failureSamples }: ErrorTotals,
  { failureSamples: most = DEFAULT_FAILURE_SAMPLES }: Pick<Plan, 'failureSamples'>,
  results: ErrorResult[],
  at: (ms: number) => string,
): ErrorResult[] {
  const ids = failureSamples.map(errorId);
  return results.map((result, index) => {
    const id = errorId(errors[index]!);
    const found = failureSamples.filter((_, at) => ids[at] === id).slice(0, most);
    const samples = found.map(({ atMs, request, response }) => ({
      at: at(atMs),
      request,
      ...(response !== undefined && { response }),
    }));
    return samples.length === 0 ? result : { ...result, samples };
  });
}

/** Hints on failures that the test setup causes, one note per error. */
function hintsOn({ errors }: ErrorTotals): Note[] {
  const hints = new Map(errors.map(({ error }) => [error, failureHint(error)]));
  return [...hints].flatMap(([error, hint]) =>
    hint === undefined ? [] : [{ code: 'failure-hint', message: `Requests failed with '${error}'. ${hint}` }],
  );
}

/** A worker as the result has it. */
export function workerResultOf(worker: ReportedWorker, sourceAddresses?: number): WorkerResult {
  const reached = reachedOf(worker.reached, worker.limits ?? {}, sourceAddresses);
  const percent = (part: number): number => Math.round(part * 1_000) / 10;
  return {
    id: worker.id,
    host: worker.hello.host,
    lanes: worker.laneGroups.length,
    laneGroups: [...worker.laneGroups],
    state: worker.state,
    requests: worker.requests,
    cpuPercent: {
      control: percent(worker.peakControlCpu),
      lanes: worker.laneGroups.map((_, lane) => percent(worker.peakLaneCpu[lane] ?? 0)),
    },
    memoryBytes: worker.peakMemoryBytes,
    drumline: worker.hello.version,
    node: worker.hello.node,
    ...(worker.hello.machine && { machine: worker.hello.machine }),
    longestHeartbeatGapMs: Math.round(worker.longestHeartbeatGapMs),
    ...(reached && { reached }),
  };
}
