import { formatDuration } from '@drumline/model';
import type { Run } from '@drumline/master/testing';
import { decodeHistogram } from '@drumline/stats';
import type { RunResult } from '@drumline/wire';
import type { PlayedRun } from '../cluster/played-run.js';
import type { SimulatedCluster } from '../simulated-cluster.js';
import { judgeRows } from './rows.js';
import { judgeStarts } from './starts.js';
import type { SimulatedWorker } from '../cluster/worker.js';

/** Exits of a run without a report. */
const NO_REPORT = new Set(['workers-never-came', 'setup-failed', 'interrupted', 'stopped-early']);
/** Valid exits of a worker. */
const WORKER_ENDS = new Set(['left', 'refused', 'master-unreachable', 'master-lost']);
/** Maximum error, due to clock drift, of the time for which a worker tries to reach its master. */
const DRIFT_MS = 100;
/** Notes about missing counts. */
const LOSS_NOTES = new Set(['worker-lost', 'reports-missing', 'lane-crashed']);

/** Checks what must hold at the end. @returns the violations */
export function judge(cluster: SimulatedCluster): string[] {
  const { master, workers } = cluster;
  const problems: string[] = [];
  if (master.process.alive)
    problems.push(
      `the master has not ended: the runs are ${master.current.map(({ run }) => run?.machine.state).join(', ')}`,
    );
  for (const worker of workers) problems.push(...judgeEnd(worker), ...judgeLanes(worker));
  for (const [index, played] of master.runs.entries())
    problems.push(...judgeRun(cluster, played).map((problem) => `run ${index + 1}: ${problem}`));
  return problems;
}

/** State of one run must not reach another, so lanes are not reused. */
function judgeLanes({ name, lanes }: SimulatedWorker): string[] {
  const reused = lanes.filter(({ runIds }) => runIds.size > 1);
  return reused.map(({ runIds }) => `a lane of worker ${name} was used for ${runIds.size} runs`);
}

function judgeRun(cluster: SimulatedCluster, played: PlayedRun): string[] {
  const { failure, result } = played;
  const rows = judgeRows(cluster.target, played);
  if (result) return [...rows, ...judgeResult(cluster, played, result)];
  return failure === undefined || NO_REPORT.has(failure) ? rows : [...rows, `it failed: ${failure}`];
}

function judgeEnd({
  name,
  alive,
  outcome,
  killed,
  leftLanes,
  silentMs,
  settings,
}: SimulatedWorker): string[] {
  if (alive) return [`worker ${name} has not ended`];
  if (killed) return [];
  if (leftLanes > 0) return [`worker ${name} ended before ${leftLanes} of its lanes`];
  if (outcome === 'master-lost' && silentMs < settings.reconnectForMs - DRIFT_MS)
    return [
      `worker ${name} gave up on a master whose last message was ${formatDuration(silentMs)} before, not ${formatDuration(settings.reconnectForMs)}`,
    ];
  return WORKER_ENDS.has(outcome!) ? [] : [`worker ${name} ended with ${outcome}`];
}

function judgeResult({ target, workers }: SimulatedCluster, played: PlayedRun, result: RunResult): string[] {
  const { ids, run } = played;
  const runId = run!.id;
  const problems = judgeStarts(target, played);
  const { requests } = result.totals;
  const inTimeline = result.timeline.reduce((sum, point) => sum + point.requests, 0);
  const inSeries = result.series.reduce((sum, series) => sum + series.requests, 0);
  const byWorkers = result.workers.reduce((sum, worker) => sum + worker.requests, 0);
  if (inSeries !== requests || byWorkers !== requests)
    problems.push(`${requests} requests in all, ${inSeries} by series, ${byWorkers} by worker`);
  if (inTimeline > requests) problems.push(`${requests} requests in all, ${inTimeline} in the timeline`);
  problems.push(...judgeTimes(run!, result), ...judgeStatuses(result));
  const made = target.requestsIn(runId);
  if (requests > made) problems.push(`${requests} requests reported, ${made} made`);
  for (const note of result.notes) if (note.code === 'internal') problems.push(note.message);
  // If the master died before the start was on disk, a new run begins. Earlier requests are in no
  // report.
  if (ids.size > 1) return problems;
  const { ledger } = played;
  if (ledger.requests !== requests) problems.push(`${requests} requests, ${ledger.requests} in the output`);
  const records = run!.participants.all;
  for (const worker of workers) {
    const record = records.find(({ peer }) => peer === worker.peer);
    const sent = target.requestsOf(worker.peer, runId);
    const missing = sent - (record?.requests ?? 0);
    if (missing === 0) continue;
    const who = `worker ${record?.id ?? worker.name}`;
    const what = `${missing} of ${sent} requests of ${who}`;
    const lost = worker.lostIn(runId);
    if (worker.drained.has(runId) && missing !== lost)
      problems.push(`${what} are not in the report, although it said so; ${lost} died with lanes`);
    const isTold = result.notes.some(
      ({ code, message }) => LOSS_NOTES.has(code) && record && message.includes(record.id),
    );
    if (!isTold) problems.push(`${what} are not in the report, which does not say so`);
    const stated = statedBy(result, record?.id);
    if (missing > stated) problems.push(`${what} are not in the report, which states at most ${stated}`);
    if (result.exit !== 'worker-lost' && result.exit !== 'interrupted')
      problems.push(`${what} are not in the report, but the run ended as ${result.exit}`);
  }
  return problems;
}

/** The response times of each series are complete, unless a worker was lost. */
function judgeTimes({ aggregate }: Run, { notes, exit }: RunResult): string[] {
  const { totals } = aggregate;
  const problems: string[] = [];
  const isTold = notes.some(({ code }) => code === 'times-missing');
  // After the end of an aborted run, more may arrive.
  if (totals.untimed > 0 && !isTold) problems.push(`${totals.untimed} response times are missing`);
  for (const { key, requests, interrupted, latency } of totals.delta(0).series) {
    const { count } = decodeHistogram(latency);
    const timed = requests - interrupted;
    if (count > timed || (count < timed && !isTold))
      problems.push(`${key.name} has ${count} response times of ${timed} requests`);
  }
  if (isTold && exit !== 'worker-lost' && exit !== 'interrupted')
    problems.push(`response times are missing, but the run ended as ${exit}`);
  return problems;
}

/** A simulated request that passes has status 200, and one that fails has 503. */
function judgeStatuses({ totals, series }: RunResult): string[] {
  return [totals, ...series].flatMap(({ requests, failures, interrupted, statuses = {} }) => {
    const { 200: ok = 0, 503: failed = 0 } = statuses;
    const isRight = failed === failures && ok === requests - failures - interrupted;
    return isRight ? [] : [`${ok} times 200 and ${failed} times 503 of ${requests}, ${failures} failed`];
  });
}

/** The maximum number of missing requests of a worker that the report states. */
function statedBy({ losses = [] }: RunResult, id: string | undefined): number {
  return losses
    .filter(({ worker, uncountedFrom }) => worker === id && uncountedFrom !== undefined)
    .reduce((sum, { uncountedAtMost = Infinity }) => sum + uncountedAtMost, 0);
}
