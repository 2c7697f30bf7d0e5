import { isRunOver, RequestError } from '@drumline/model';
import type { ClusterWorkerView, CompareQuery, HealthView, RunsPage, RunsQuery } from '@drumline/wire';
import { VERSION } from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { ControlPlane, LiveRun, RunPlane } from './control-plane.js';
import { drainWorker, type DrainedCluster } from './drain-worker.js';
import { findRun } from './find-run.js';
import { hasNoRunFile } from './run-file.js';
import { pageOf } from './runs-page.js';

/** The control plane of a master with one run. */
export class SingleRun implements ControlPlane {
  private readonly beganMs = monotonicMs();

  constructor(
    private readonly only: LiveRun,
    private readonly cluster: DrainedCluster,
    /** Whether the run has a file. */
    private readonly isStored: boolean,
  ) {}

  health(): HealthView {
    const { state } = this.only.view();
    return {
      version: VERSION,
      mode: 'run',
      uptimeMs: Math.round(monotonicMs() - this.beganMs),
      workers: this.only.status().workers.connected,
      runs: { running: isRunOver(state) ? 0 : 1, queued: 0 },
    };
  }

  workers(): ClusterWorkerView[] {
    return this.only.workers().map((worker) => ({ ...worker, runId: this.only.id }));
  }

  runs(query: RunsQuery = {}): RunsPage {
    return pageOf([this.only.view()], query);
  }

  get uploads(): never {
    throw hasOneRun();
  }

  async compare({ baseline, run }: CompareQuery): Promise<never> {
    for (const id of [baseline, run]) await Promise.resolve(this.run(id));
    throw new RequestError('argument-invalid', 'the baseline and the new run are the same run');
  }

  get scenarios(): never {
    throw hasOneRun();
  }

  submit(): Promise<never> {
    return Promise.reject(hasOneRun());
  }

  drain(worker: string): string {
    return drainWorker(this.cluster, worker);
  }

  async delete(id: string): Promise<never> {
    const { runId } = await Promise.resolve(findRun([this.only.view()], id));
    throw new RequestError(
      'request-invalid',
      `run ${runId} is the only run of this master, which ends with it`,
      'Delete it afterwards, with `drumline runs --delete`.',
    );
  }

  runFile(id: string): never {
    const { runId } = findRun([this.only.view()], id);
    if (!this.isStored) throw hasNoRunFile(runId, 'Its master was started with --no-store.');
    throw new RequestError(
      'run-unfinished',
      `this master writes the file of run ${runId} until it ends`,
      'Read it afterwards, in the data directory of the master.',
    );
  }

  finish(): never {
    throw new RequestError('request-invalid', 'this master ends by itself, at the end of its run');
  }

  run(id: string): RunPlane {
    findRun([this.only.view()], id);
    return this.only;
  }
}

function hasOneRun(): RequestError {
  return new RequestError(
    'request-invalid',
    'this master has one run and ends with it, so no other run can be submitted to it',
    'Start a master that stays with `drumline serve`, and submit runs to that one.',
  );
}
