import { artifactsOf, formatBytes, isRunOver, messageOf, RequestError } from '@drumline/model';
import {
  VERSION,
  type ClusterWorkerView,
  type CompareQuery,
  type ComparisonView,
  type HealthView,
  type RunsPage,
  type RunsQuery,
} from '@drumline/wire';
import type { RunView, Submission } from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Cluster } from '../cluster/cluster.js';
import type { Log } from '../cluster/log.js';
import { deleteRun } from '../store/catalogue.js';
import type { ClosedFile } from '../store/closed-file.js';
import { runFileOf } from '../store/find.js';
import type { ArtifactStore } from './artifact-store.js';
import { Comparisons } from './comparisons.js';
import { clusterWorkers } from './cluster-workers.js';
import type { ControlPlane, RunPlane } from './control-plane.js';
import { drainWorker } from './drain-worker.js';
import { EndedRun, endedView } from './ended-run.js';
import { findRun } from './find-run.js';
import type { Intake } from './intake.js';
import type { LogFiles } from './log-file.js';
import type { ManagedRun } from './managed-run.js';
import type { OnlyRun } from './only-run.js';
import { PastResults } from './past-results.js';
import { expired, type Retention } from './retention.js';
import type { LoadedRun, RunLoader } from './run-loader.js';
import type { RunMaker } from './run-maker.js';
import type { RegisteredRun, RunEnd, RunRegister } from './run-register.js';
import { endWith, endWithout } from './run-end.js';
import { openRunFile } from './run-file.js';
import { pageOf } from './runs-page.js';
import type { ScenarioPlanner } from './scenarios/planner.js';
import { ScenarioStarts } from './scenarios/scenario-starts.js';

interface Parts {
  readonly cluster: Cluster;
  readonly register: RunRegister;
  readonly artifacts: ArtifactStore;
  readonly logFiles: LogFiles;
  readonly loader: RunLoader;
  readonly maker: RunMaker;
  readonly intake: Intake;
  /** Set if the service executes one run and ends with it. */
  readonly only?: OnlyRun | undefined;
  readonly planner: ScenarioPlanner;
  /** Undefined: only uploaded scenarios can be started. */
  readonly scenariosDirectory?: string | undefined;
  readonly dataDir: string;
  readonly keep: Retention;
  readonly log: Log;
}

/** A cluster that stays: it executes the runs that are submitted, and keeps their results. */
export class Service implements ControlPlane {
  private readonly live = new Map<string, ManagedRun>();
  /** The end of each live run, by its id. */
  private readonly following = new Map<string, Promise<void>>();
  private readonly results = new PastResults();
  private readonly beganMs = monotonicMs();
  private isLeaving = false;

  readonly scenarios: ScenarioStarts;
  private readonly comparisons = new Comparisons((named) => this.resultFile(named));

  constructor(private readonly parts: Parts) {
    this.scenarios = new ScenarioStarts({
      planner: parts.planner,
      directory: parts.scenariosDirectory,
      uploads: parts.artifacts,
      submit: (...submission) => this.submit(...submission),
    });
  }

  get uploads(): ArtifactStore {
    return this.parts.artifacts;
  }

  health(): HealthView {
    const { registry, waiting } = this.parts.cluster;
    return {
      version: VERSION,
      mode: 'serve',
      uptimeMs: Math.round(monotonicMs() - this.beganMs),
      workers: registry.present.length,
      runs: { running: this.live.size - waiting.length, queued: waiting.length },
    };
  }

  workers(): ClusterWorkerView[] {
    return clusterWorkers(this.parts.cluster, (runId) => this.live.get(runId)?.control);
  }

  runs(query: RunsQuery = {}): RunsPage {
    return pageOf(this.views, query);
  }

  run(named: string): RunPlane {
    const { register, dataDir, logFiles } = this.parts;
    const runId = register.get(named) ? named : findRun(this.views, named).runId;
    const live = this.live.get(runId);
    if (live) return live.control;
    return new EndedRun(register.get(runId)!, runFileOf(dataDir, runId), this.results, logFiles);
  }

  async compare(query: CompareQuery): Promise<ComparisonView> {
    return await this.comparisons.compare(query);
  }

  drain(worker: string): string {
    return drainWorker(this.parts.cluster, worker);
  }

  async delete(named: string): Promise<string> {
    if (named === 'current' || named === '')
      throw new RequestError(
        'argument-invalid',
        'name the run to delete by its id',
        'See `drumline queue --all`.',
      );
    const { runId, state } = findRun(this.views, named);
    const registered = this.parts.register.get(runId)!;
    if (!registered.end || this.live.has(runId))
      throw new RequestError(
        'request-invalid',
        `run ${runId} is ${state}, and only runs that have ended can be deleted`,
        `Cancel it first: \`drumline cancel ${runId.slice(0, 8)}\`.`,
      );
    const bytes = await this.remove(runId);
    return `Run ${runId} was deleted, with its result and files (${formatBytes(bytes)}).`;
  }

  async runFile(named: string): Promise<ClosedFile> {
    const shown = findRun(this.views, named);
    if (isRunOver(shown.state)) await this.following.get(shown.runId);
    const { runId, state } = findRun(this.views, shown.runId);
    if (!this.parts.register.get(runId)!.end || this.live.has(runId))
      throw new RequestError(
        'run-unfinished',
        `run ${runId} is ${state}`,
        'Fetch its file when it has ended.',
      );
    return await openRunFile(runId, runFileOf(this.parts.dataDir, runId));
  }

  async submit(submission: Submission, idempotencyKey?: string): Promise<RunView> {
    const { intake, loader, only } = this.parts;
    if (this.isLeaving)
      throw new RequestError('request-invalid', 'this master is ending', 'Submit again soon.');
    const { runId } = await intake.accept(submission, idempotencyKey, async (registered) => {
      only?.accepted(registered);
      await loader.load(registered, submission).then(
        (loaded) => this.begin(loaded),
        (error: unknown) => this.end(registered, endWithout(error)),
      );
    });
    return this.run(runId).view();
  }

  finish(): string {
    const { only } = this.parts;
    if (only) return only.finish();
    throw new RequestError(
      'request-invalid',
      'this master stays for other runs',
      'Only a master that executes one run is finished (`drumline serve --once`). Stop this one with Ctrl-C or SIGTERM.',
    );
  }

  /**
   * Continues the runs of a service that was killed, at once: their workers must find them.
   * @param runs in the order of their submissions
   */
  restore(runs: readonly LoadedRun[]): void {
    for (const run of runs) this.begin(run);
  }

  /**
   * Ends the runs that have started, gracefully. The others are queued in the next service, unless
   * this one ends with its run.
   */
  async stop(reason: string): Promise<void> {
    this.isLeaving = true;
    this.parts.cluster.holdWaiting();
    const all = [...this.live.values()];
    const ending = all.filter(({ run }) => run.started ?? this.parts.only);
    for (const managed of all) if (!ending.includes(managed)) managed.leave();
    for (const { run } of ending) run.stop('interrupted', reason);
    for (const { run } of ending) await this.following.get(run.id);
  }

  /** Ends the runs that have begun, at once. */
  abort(): void {
    for (const { run } of this.live.values()) if (run.started) run.abort();
  }

  /** Leaves all runs to the next service. */
  leave(): void {
    this.isLeaving = true;
    for (const { run } of this.live.values()) if (run.started) run.handOver();
  }

  /** Closes the files of the runs. */
  async close(): Promise<void> {
    this.isLeaving = true;
    for (const managed of this.live.values()) await managed.release();
  }

  /** @throws RequestError if the run has no result */
  private resultFile(named: string): { readonly runId: string; readonly path: string } {
    const { runId, state } = findRun(this.views, named);
    const path = runFileOf(this.parts.dataDir, runId);
    if (!this.parts.register.get(runId)?.end)
      throw new RequestError('run-unfinished', `run ${runId} is ${state}`, 'Compare it when it has ended.');
    if (path !== undefined) return { runId, path };
    throw new RequestError('request-invalid', `run ${runId} has no result`);
  }

  /** All runs, the newest first. */
  private get views(): RunView[] {
    return this.parts.register.all.toReversed().map((run) => this.viewOf(run));
  }

  private viewOf(registered: RegisteredRun): RunView {
    const { runId, workersWanted, submittedAt } = registered;
    const live = this.live.get(runId);
    return live ? { ...live.control.view(), workersWanted, submittedAt } : endedView(registered);
  }

  private begin(loaded: LoadedRun): void {
    const { registered } = loaded;
    const { runId, scenario, workersWanted } = registered;
    this.parts.log(
      `[${runId.slice(0, 8)}] ${scenario} ${loaded.taken ? 'continues' : `wants ${countOf(workersWanted)}`}.`,
    );
    const managed = this.parts.maker.begin(loaded);
    this.live.set(runId, managed);
    const following = this.follow(registered, managed);
    this.following.set(runId, following);
    void following.finally(() => this.following.delete(runId));
  }

  /** Frees the workers of a run at its end, and keeps its result. */
  private async follow(registered: RegisteredRun, managed: ManagedRun): Promise<void> {
    const { run } = managed;
    let end: RunEnd;
    try {
      const result = await managed.finished;
      end = endWith(result, run.machine.state);
    } catch (error) {
      end = { ...endWithout(error), state: run.machine.state };
    }
    if (run.handedOver) return;
    await managed.release();
    await this.end(registered, end);
    this.live.delete(registered.runId);
    await this.prune();
  }

  /** Records the end of a run. */
  async end(registered: RegisteredRun, end: RunEnd): Promise<void> {
    const { register, only, log } = this.parts;
    const { runId, scenario } = registered;
    await register.end(registered, end).catch((error: unknown) => log(`${runId}: ${messageOf(error)}`));
    const why = end.problem === undefined ? (end.verdict ?? end.state) : end.problem;
    log(`[${runId.slice(0, 8)}] ${scenario} has ended: ${why}; exit code ${end.exitCode}.`);
    only?.hasEnded({ ...registered, end });
  }

  /** Removes a run that has ended. @returns the size of its run file, bytes */
  private async remove(runId: string): Promise<number> {
    const { register, dataDir, logFiles } = this.parts;
    const path = runFileOf(dataDir, runId);
    const bytes = path === undefined ? 0 : deleteRun(path);
    await logFiles.remove(runId);
    await register.remove(runId);
    return bytes;
  }

  /** Removes runs that are not kept any longer, and files that no run needs. */
  async prune(): Promise<void> {
    const { register, artifacts, keep, log } = this.parts;
    try {
      for (const { runId } of expired(register.all, keep, Date.now())) {
        await this.remove(runId);
      }
      await artifacts.removeUnused(usedArtifacts(register.all));
    } catch (error) {
      log(`Old runs cannot be removed: ${messageOf(error)}`);
    }
  }
}

function countOf(workers: RunView['workersWanted']): string {
  if (workers === 'all') return 'all workers';
  return workers === 1 ? 'one worker' : `${workers} workers`;
}

function usedArtifacts(runs: readonly RegisteredRun[]): Set<string> {
  const used = runs.flatMap(({ submission }) => {
    if (!submission) return [];
    const { bundle, plan } = submission.submission;
    return [bundle.id, ...artifactsOf(plan.tables ?? []).map(({ id }) => id)];
  });
  return new Set(used);
}
