import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, type RunState } from '@drumline/model';
import type { RunFigures, RunView } from '@drumline/wire';
import type { Log } from '../cluster/log.js';
import type { StoredSubmission } from './stored-submission.js';

/** A run of a service, as its file has it. */
export interface RegisteredRun {
  readonly runId: string;
  /** Grows with each submission. */
  readonly order: number;
  /** Name of the scenario: its own, or that of its file. */
  readonly scenario: string;
  /** The scenario's file, as it was submitted. */
  readonly scenarioPath: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly workersWanted: RunView['workersWanted'];
  /** ISO 8601, UTC. */
  readonly submittedAt: string;
  /** The key and the hash of the request that submitted it. */
  readonly idempotency?: { readonly key: string; readonly hash: string };
  /** Whether it is the one run of a service that ends with it. */
  readonly isOnly?: boolean;
  /** Until the run has ended. */
  readonly submission?: StoredSubmission;
  /** Once the run has ended. */
  readonly end?: RunEnd;
}

export interface RunEnd {
  readonly state: RunState;
  readonly endedAt: string;
  readonly startedAt?: string;
  readonly verdict?: string;
  readonly exitCode: number;
  readonly target?: string;
  /** What it measured. */
  readonly figures?: RunFigures;
  /** Why the run has no result. */
  readonly problem?: string;
}

/**
 * The runs of a service: a file each in `DIR/queue`. A run is on the disk before its submission is
 * answered, so that a service that was killed finds its queue again.
 */
export class RunRegister {
  private readonly byId = new Map<string, RegisteredRun>();
  /** The last write of each run. Writes of one run follow each other. */
  private readonly writing = new Map<string, Promise<void>>();

  private constructor(private readonly directory: string) {}

  /** @param log receives a line for each file that cannot be read */
  static async open(dataDir: string, log: Log): Promise<RunRegister> {
    const directory = join(dataDir, 'queue');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const register = new RunRegister(directory);
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      if (name.endsWith(TEMPORARY)) await rm(path, { force: true });
      if (!name.endsWith('.json')) continue;
      try {
        const run = registeredOf(JSON.parse(await readFile(path, 'utf8')) as WrittenRun);
        register.byId.set(run.runId, run);
      } catch (error) {
        log(`The run in ${path} is left out, because its file cannot be read: ${messageOf(error)}.`);
      }
    }
    return register;
  }

  /** In the order of their submissions. */
  get all(): RegisteredRun[] {
    return [...this.byId.values()].sort((a, b) => a.order - b.order);
  }

  get nextOrder(): number {
    return Math.max(0, ...this.all.map(({ order }) => order)) + 1;
  }

  get(runId: string): RegisteredRun | undefined {
    return this.byId.get(runId);
  }

  /** The one run of a service that ends with it, until that service has ended. */
  get only(): RegisteredRun | undefined {
    return this.all.find(({ isOnly }) => isOnly);
  }

  /** The run of this idempotency key. */
  ofKey(key: string): RegisteredRun | undefined {
    return this.all.find(({ idempotency }) => idempotency?.key === key);
  }

  /** Resolves when the run is on the disk. */
  async put(run: RegisteredRun): Promise<void> {
    this.byId.set(run.runId, run);
    await this.after(run.runId, () => this.write(run));
  }

  /** The run has ended. What it needed to execute is removed. */
  async end(run: RegisteredRun, end: RunEnd): Promise<void> {
    const { submission, ...kept } = run;
    await this.put({ ...(submission ? kept : run), end });
  }

  async remove(runId: string): Promise<void> {
    this.byId.delete(runId);
    await this.after(runId, () => rm(this.pathOf(runId), { force: true }));
    this.writing.delete(runId);
  }

  private async after(runId: string, write: () => Promise<void>): Promise<void> {
    const before = this.writing.get(runId) ?? Promise.resolve();
    const written = before.catch(() => {}).then(write);
    this.writing.set(runId, written);
    await written;
  }

  /** Readers never see half a file, even after a power loss. */
  private async write(run: RegisteredRun): Promise<void> {
    const path = this.pathOf(run.runId);
    const file = await open(path + TEMPORARY, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(run));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path + TEMPORARY, path);
  }

  private pathOf(runId: string): string {
    return join(this.directory, `${runId}.json`);
  }
}

const TEMPORARY = '.new';

/** A run as its file has it. Older files have the path of the scenario instead of its name. */
type WrittenRun = Omit<RegisteredRun, 'scenarioPath'> & Partial<Pick<RegisteredRun, 'scenarioPath'>>;

function registeredOf({ scenarioPath, ...run }: WrittenRun): RegisteredRun {
  if (scenarioPath !== undefined) return { ...run, scenarioPath };
  const name = run.submission?.submission.plan.name ?? run.scenario;
  return { ...run, scenario: name, scenarioPath: run.scenario };
}
