import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { expect, jest } from '@jest/globals';
import { EXIT_CODES, type ExitName } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import type { FaultRow } from '../../scripts/dist/faults/row.js';
import { Cluster, eventually, GaveUp, pause, startWorker, type Drumline, type Launch } from './drumline.js';
import { freePort, isListening, MARK, processesMarked } from './processes.js';

/** A long timeout, because processes start slowly on a busy machine. */
const PATIENCE_MS = 120_000;
jest.setTimeout(3 * PATIENCE_MS);

/** The parts of a trial. */
export interface Setting {
  /** A scenario of `test/scenarios`, whose requests the target counts. Default: ten users. */
  readonly scenario?: string;
  /** The address of the target. Default: loopback. */
  readonly targetHost?: string;
  readonly masterArgs?: readonly string[];
  /** Names of the workers. The run waits for all of them. */
  readonly workers?: readonly string[];
  readonly workerArgs?: readonly string[];
  /** How long the workers run before the master starts. By default the master starts first. */
  readonly workersFirstMs?: number;
  /** Environment of all processes. */
  readonly env?: NodeJS.ProcessEnv;
  /** Environment of each worker. */
  readonly launch?: Launch;
}

type End = number | NodeJS.Signals;

/** The expected outcome. */
export interface Outcome {
  /** The outcome in the report, and the master's exit code unless `code` differs. */
  readonly exit: ExitName;
  readonly code?: ExitName;
  /**
   * Workers that do not exit with 0: their exit code or signal, one for each worker if several
   * share a name.
   */
  readonly workers?: Readonly<Record<string, End | readonly End[]>>;
  /**
   * Whether each worker gets SIGTERM. A worker that leaves before the end of the run has a separate
   * exit code.
   */
  readonly workersToldToLeave?: boolean;
  /**
   * `stated`: the report may lack requests if it states the maximum. `none`: it must hold every
   * request.
   */
  readonly losses?: 'none' | 'stated';
}

/**
 * A counting target, a master, workers and a fault. It checks that the run ends with the right exit
 * codes, that the report equals the target's count or states the difference, and that no process or
 * port is left.
 */
export class Trial implements AsyncDisposable {
  private survived = false;
  /** The outcome, for the table. */
  private counted: Pick<FaultRow, 'reported' | 'stated'> = { reported: null, stated: null };

  private constructor(
    /** Its name in the table of faults. */
    private readonly fault: string,
    readonly cluster: Cluster,
    readonly target: Target,
    private readonly mark: string,
  ) {}

  static async start(fault: string, setting: Setting = {}): Promise<Trial> {
    const { scenario = 'steady', masterArgs = [], workers = ['w1', 'w2'], workersFirstMs } = setting;
    const mark = randomUUID();
    const env = { ...setting.env, [MARK]: mark };
    const target = await startTarget({ host: setting.targetHost ?? '127.0.0.1' });
    const own = ['-H', target.url, '--expect-workers', String(Math.max(1, workers.length))];
    const launch = { ...setting.launch, env: { ...env, ...setting.launch?.env } };
    const start = (address: string): Drumline[] =>
      workers.map((name) => startWorker(address, name, setting.workerArgs, launch));
    const early: Drumline[] = [];
    try {
      if (workersFirstMs !== undefined) {
        const address = `tcp://127.0.0.1:${await freePort()}`;
        own.push('--bind', address);
        early.push(...start(address));
        await pause(workersFirstMs);
      }
      const cluster = await Cluster.start(scenario, [...own, ...masterArgs], env);
      cluster.workers.push(...(workersFirstMs === undefined ? start(cluster.address) : early));
      return new Trial(fault, cluster, target, mark);
    } catch (error) {
      for (const worker of early) await worker[Symbol.asyncDispose]();
      await target.close();
      throw error;
    }
  }

  get master(): Drumline {
    return this.cluster.master;
  }

  /** The worker with this index in the order of starts. */
  worker(index: number): Drumline {
    return this.cluster.workers[index]!;
  }

  /** Resolves when all users run and the target has been loaded for a while. */
  async underWay(users = 10): Promise<void> {
    await this.cluster.until((status) => {
      const gone = this.cluster.workers.find(({ child }) => child.exitCode !== null);
      if (gone)
        throw new GaveUp(`${gone.name} ended before the run was under way:
${gone.output}`);
      return status.users === users && status.elapsedMs > 1_000;
    }, PATIENCE_MS);
    // Check that the later search for leftovers finds the processes now.
    if (existsSync('/proc')) expect(processesMarked(this.mark)).not.toEqual([]);
  }

  /** Resolves when each of these workers runs users and has counted requests. */
  async share(...ids: readonly string[]): Promise<void> {
    let idle = ids;
    await eventually(
      async () => {
        const views = await this.cluster.workerViews();
        const running = views.filter(({ users, requests }) => users > 0 && requests > 0).map(({ id }) => id);
        idle = ids.filter((id) => !running.includes(id));
        return idle.length === 0 ? true : undefined;
      },
      PATIENCE_MS,
      () => `without users or requests: ${idle.join(', ')}`,
    );
  }

  /**
   * Resolves when the master has merged three reports of each of these workers. It then knows their
   * request rates and can bound their losses.
   */
  async paced(...ids: readonly string[]): Promise<void> {
    const counts = new Map(ids.map((id) => [id, new Set<number>()]));
    await eventually(async () => {
      for (const { id, requests } of await this.cluster.workerViews())
        if (requests > 0) counts.get(id)?.add(requests);
      return [...counts.values()].every(({ size }) => size >= 3) ? true : undefined;
    }, PATIENCE_MS);
  }

  /** Stops the run if its plan has no end, waits for the end of all processes, and checks it. */
  async survives({
    exit,
    code = exit,
    workers = {},
    workersToldToLeave = false,
    losses = 'stated',
  }: Outcome): Promise<RunResult> {
    await this.stopEndless();
    const result = await this.cluster.result();
    this.counted = { reported: result.totals.requests, stated: statedBy(result) };
    if (result.exit !== exit)
      throw new Error(`${result.exit}, not ${exit}: ${JSON.stringify(result.notes, null, 2)}`);
    expect(result.code).toBe(EXIT_CODES[code].exitCode);
    await this.expectWorkersEnded(workers, workersToldToLeave);
    this.expectCounted(result, losses);
    await this.expectNothingLeft();
    this.survived = true;
    return result;
  }

  /**
   * Waits until workers without a master end, and checks the counts: the kept run and the
   * unacknowledged reports of the workers together equal the target's count. An acknowledgement may
   * have died with the master; then both hold the same report.
   */
  async survivesMasterless(runId: string, workers: NonNullable<Outcome['workers']> = {}): Promise<void> {
    await this.expectWorkersEnded(workers);
    const { totals } = await this.cluster.kept(runId);
    const stated = this.cluster.workers.reduce((sum, { output }) => sum + undelivered(output), 0);
    this.counted = { reported: totals.requests, stated };
    const { count } = this.target;
    if (count < totals.requests || count > totals.requests + stated || stated > count)
      throw new Error(`seen ${count}, kept ${totals.requests}, by its workers undelivered ${stated}`);
    await this.expectNothingLeft();
    this.survived = true;
  }

  /** Checks that no process or open port of this trial is left. */
  async expectNothingLeft(): Promise<void> {
    await eventually(
      () => (processesMarked(this.mark).length === 0 ? true : undefined),
      PATIENCE_MS,
      () => `left behind: ${processesMarked(this.mark).join('; ')}`,
    );
    for (const address of [this.cluster.address, this.cluster.api]) {
      await eventually(
        async () => ((await isListening(address)) ? undefined : true),
        PATIENCE_MS,
        () => `something still listens at ${address}`,
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.writeRow();
    await this.cluster[Symbol.asyncDispose]();
    await this.target.close();
  }

  private async stopEndless(): Promise<void> {
    // A master that is already ending does not answer.
    const status = await this.cluster.status().catch(() => undefined);
    if (status?.state === 'running' && status.plannedMs === null)
      await this.cluster.order('stop').catch(() => {});
  }

  private async expectWorkersEnded(
    others: NonNullable<Outcome['workers']>,
    mayHaveLeft = false,
  ): Promise<void> {
    const namesakes = new Map<string, number>();
    for (const { name, ended } of this.cluster.workers) {
      const { code, signal, output } = await ended;
      const nth = namesakes.get(name) ?? 0;
      namesakes.set(name, nth + 1);
      const expected = [others[name] ?? 0].flat()[nth] ?? 0;
      if (mayHaveLeft && code === EXIT_CODES['handed-over'].exitCode) continue;
      if ((signal ?? code) !== expected)
        throw new Error(`${name} ended with ${signal ?? code}, not ${expected}:\n${output}`);
    }
  }

  private expectCounted(result: RunResult, losses: 'none' | 'stated'): void {
    const uncounted = this.target.count - result.totals.requests;
    const facts = { uncounted, notes: result.notes, losses: result.losses };
    expect(result.totals.requests).toBeGreaterThan(0);
    if (uncounted < 0 || !(uncounted <= (losses === 'none' ? 0 : (statedBy(result) ?? NaN))))
      throw new Error(`the report does not state the missing requests: ${JSON.stringify(facts, null, 2)}`);
  }

  /** Writes the outcome for the table of faults, if one is requested. */
  private writeRow(): void {
    const file = process.env['FAULTS_FILE'];
    if (file === undefined) return;
    const { fault, survived, target, counted } = this;
    const row: FaultRow = { fault, survived, seenByTarget: target.count, ...counted };
    appendFileSync(file, `${JSON.stringify(row)}\n`);
  }
}

/** The maximum number of missing requests in the report; `null` if it states none. */
function statedBy({ losses = [] }: RunResult): number | null {
  const open = losses.filter(({ uncountedFrom }) => uncountedFrom !== undefined);
  if (open.some(({ uncountedAtMost }) => uncountedAtMost === undefined)) return null;
  return open.reduce((sum, { uncountedAtMost }) => sum + uncountedAtMost!, 0);
}

/** The number of undelivered requests that a worker reports. */
function undelivered(output: string): number {
  return Number(/(\d+) requests? that ended between/.exec(output)?.[1] ?? 0);
}
