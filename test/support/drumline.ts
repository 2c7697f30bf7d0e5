import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult, StatsView, StatusView, WorkerView } from '@drumline/wire';

/** The package as users install it, which `scripts/jest/program.mjs` makes. */
const PACKAGE =
  process.env['TESTED_PROGRAM'] ?? fileURLToPath(new URL('../../packages/drumline', import.meta.url));
export const BIN = join(PACKAGE, 'bin/drumline.js');
const SCENARIOS = fileURLToPath(new URL('../scenarios/', import.meta.url));

/** How long a test waits for something that may fail to happen. A busy machine must not decide. */
const LIMIT_MS = 120_000;
/** The default grace period of a pod. */
const GRACE_MS = 30_000;

/** The path of a scenario under `test/scenarios`. */
export function scenarioPath(name: string): string {
  return join(SCENARIOS, `${name}.ts`);
}

/** The exit of a process, with its output. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to stdout and stderr. */
  readonly output: string;
  readonly stdout: string;
}

/**
 * A real `drumline` process. It stores no run unless it has a data directory. With `await using`,
 * it is killed at the end of the scope.
 */
export class Drumline implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  output = '';

  /** @param launcher command that starts it, such as `ip netns exec NAME` */
  constructor(
    readonly args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    launcher: readonly string[] = [],
  ) {
    const inherited = { ...process.env };
    delete inherited['NODE_OPTIONS'];
    const [command, ...rest] = [...launcher, process.execPath, BIN, ...args];
    this.child = spawn(command!, rest, {
      env: {
        ...inherited,
        ...(env['DRUMLINE_DATA_DIR'] === undefined && { DRUMLINE_STORE: 'false' }),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.child.stdout!.on('data', (text: string) => (stdout += text));
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => resolve({ code, signal, output: this.output, stdout }));
    });
  }

  /** The name of a worker; otherwise the command. */
  get name(): string {
    const at = this.args.indexOf('--name');
    return at < 0 ? this.args[0]! : this.args[at + 1]!;
  }

  get pid(): number {
    return this.child.pid!;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** @returns the first match in its output; fails with the output if it ends without a match */
  async prints(pattern: RegExp, limitMs = LIMIT_MS): Promise<RegExpExecArray> {
    return await eventually(
      () => {
        const match = pattern.exec(this.output);
        if (match) return match;
        if (this.child.exitCode !== null)
          throw new GaveUp(`it ended without printing ${pattern}:\n${this.output}`);
        return undefined;
      },
      limitMs,
      () => `no ${pattern} in:\n${this.output}`,
    );
  }

  /** Ends it as Kubernetes ends a pod. */
  async terminate(): Promise<void> {
    if (this.child.exitCode === null) this.signal('SIGTERM');
    const kill = setTimeout(() => this.signal('SIGKILL'), GRACE_MS);
    await this.ended;
    clearTimeout(kill);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Surroundings of a process. */
export interface Launch {
  readonly env?: NodeJS.ProcessEnv;
  readonly launcher?: readonly string[] | undefined;
}

/** Starts a worker, with one lane unless `args` set another number. */
export function startWorker(
  address: string,
  name: string,
  args: readonly string[] = [],
  { env, launcher }: Launch = {},
): Drumline {
  const own = ['--master', address, '--name', name, '--lanes', '1'];
  return new Drumline(['worker', ...own, ...args], env, launcher);
}

/** A master process with its API, its workers, and its result. */
export class Cluster implements AsyncDisposable {
  readonly workers: Drumline[] = [];
  private readonly masters: Drumline[] = [];
  private constructor(
    public master: Drumline,
    readonly address: string,
    readonly api: string,
    private readonly directory: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @param env for the master and all workers */
  static async start(
    scenario: string,
    args: readonly string[],
    own: NodeJS.ProcessEnv = {},
  ): Promise<Cluster> {
    const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
    const path = scenario.includes('/') ? scenario : scenarioPath(scenario);
    const env = { DRUMLINE_DATA_DIR: join(directory, 'data'), ...own };
    const result = ['--json', join(directory, 'result.json'), '--no-html'];
    const master = new Drumline(
      ['master', path, '--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0', ...result, ...args],
      env,
    );
    try {
      const [, address] = await master.prints(/join at (tcp:\/\/127\.0\.0\.1:\d+)/);
      const [, api] = await master.prints(/API at (https?:\/\/127\.0\.0\.1:\d+)/);
      return new Cluster(master, address!, api!, directory, env);
    } catch (error) {
      await master[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Sends SIGKILL to the master. */
  async killMaster(): Promise<void> {
    this.master.signal('SIGKILL');
    await this.master.ended;
  }

  /**
   * Starts the master again.
   * @param command replaces the first command; the option for the result is added
   */
  startMasterAgain(command?: readonly string[]): Drumline {
    this.masters.push(this.master);
    const result = ['--json', join(this.directory, 'result.json'), '--no-html'];
    this.master = new Drumline(command ? [...command, ...result] : this.master.args, this.env);
    return this.master;
  }

  /**
   * Starts a worker, with one lane unless `args` set another number.
   * @param address that it dials, if not that of the master
   */
  addWorker(
    name: string,
    args: readonly string[] = [],
    address = this.address,
    { env, launcher }: Launch = {},
  ): Drumline {
    const worker = startWorker(address, name, args, { env: { ...this.env, ...env }, launcher });
    this.workers.push(worker);
    return worker;
  }

  /** The address that workers dial. */
  get port(): number {
    return Number(new URL(this.address).port);
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.api}/v1/runs/current/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  status(): Promise<StatusView> {
    return this.get('status');
  }

  stats(): Promise<StatsView> {
    return this.get('stats');
  }

  async workerViews(): Promise<WorkerView[]> {
    return (await this.get<{ workers: WorkerView[] }>('workers')).workers;
  }

  async order(path: string, body?: object): Promise<Response> {
    return await fetch(`${this.api}/v1/runs/current/${path}`, {
      method: 'POST',
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
  }

  /** Resolves when the status meets the condition. */
  async until(
    condition: (status: StatusView) => boolean | Promise<boolean>,
    limitMs = LIMIT_MS,
  ): Promise<StatusView> {
    let last: StatusView | undefined;
    return await eventually(
      async () => {
        // A restarting master does not answer at first.
        last = await this.status().catch(() => undefined);
        return last && (await condition(last)) ? last : undefined;
      },
      limitMs,
      () => `last status: ${JSON.stringify(last)}\n${this.master.output}`,
    );
  }

  /**
   * Waits for the end. Returns the result with the exit code and output of the master. The note
   * `untrusted` is apart, because a busy machine can cause it in any run.
   */
  async result(): Promise<
    RunResult & { code: number | null; output: string; untrustedNote: string | undefined }
  > {
    const { code, output } = await this.master.ended;
    const text = await readFile(join(this.directory, 'result.json'), 'utf8').catch(() => {
      throw new Error(`there is no result; output of the master:\n${output}`);
    });
    const result = JSON.parse(text) as RunResult;
    const isUntrusted = (note: { code: string }): boolean => note.code === 'untrusted';
    return {
      ...result,
      notes: result.notes.filter((note) => !isUntrusted(note)),
      untrustedNote: result.notes.find(isUntrusted)?.message,
      code,
      output,
    };
  }

  /** The stored result of a run, from `drumline report`. Its master may have ended. */
  async kept(runId: string): Promise<RunResult> {
    const path = join(this.directory, 'kept.json');
    const { output } = await new Drumline(['report', runId, '--json', path], this.env).ended;
    const text = await readFile(path, 'utf8').catch(() => {
      throw new Error(`run ${runId} cannot be reported:\n${output}`);
    });
    return JSON.parse(text) as RunResult;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of [...this.workers, ...this.masters, this.master])
      await process[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Ends `eventually` early, because more attempts cannot succeed. */
export class GaveUp extends Error {}

/** Polls until there is an answer. */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  limitMs = LIMIT_MS,
  describe: () => string = () => 'it did not happen',
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    let answer: T | undefined;
    try {
      answer = await ask();
    } catch (error) {
      if (error instanceof GaveUp || Date.now() > deadline) throw error;
    }
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
