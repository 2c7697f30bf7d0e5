import { fork, type ChildProcess } from 'node:child_process';
import { basename, dirname, resolve } from 'node:path';
import {
  DrumlineError,
  PrintedLines,
  ProblemsError,
  Redactor,
  type Millis,
  type Plan,
  type PlanOverrides,
  type PlanWarning,
  type Secrets,
} from '@drumline/model';
import type { ShapeAnswer, ShapeContext } from '../index.js';
import { writeBundle } from '../runtime/bundle-file.js';
import { addSchemas, type ScenarioBundle } from './bundle.js';
import type { HookCall, HostReply, HostRequest, ScenarioDescription } from './host-protocol.js';

/** A scenario that has been bundled and validated. */
export interface CheckedScenario {
  readonly plan: Plan;
  readonly bundle: ScenarioBundle;
  /** The values of secret parameters. */
  readonly secrets: Secrets;
  /** Probable mistakes that do not prevent a run. */
  readonly warnings: readonly PlanWarning[];
}

type PlanReply = Extract<HostReply, { plan: Plan }>;
type DescribeReply = Extract<HostReply, { description: ScenarioDescription }>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/** The scenario host: a child process that reads the plan and runs the hooks on the master. */
export class ScenarioHost {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<
    number,
    { settle: (reply: HostReply | Error) => void; timer: NodeJS.Timeout }
  >();
  private nextId = 1;
  private isLoaded = false;
  private ended: Error | undefined;
  private redactor: Redactor | undefined;
  private readonly lines: PrintedLines[] = [];

  /**
   * @param onLine receives each line that the scenario's code prints, with secrets masked
   * @param secrets secrets of the scenario. They are masked in messages, but not in the plan.
   */
  constructor(
    onLine: (line: string) => void,
    private secrets: Secrets = {},
  ) {
    this.redactor = Redactor.of(secrets);
    this.child = fork(new URL('./host-main.js', import.meta.url), {
      // A debugger of the command must not stop this process, too.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      const lines = new PrintedLines(onLine);
      lines.redactor = this.redactor;
      this.lines.push(lines);
      stream.setEncoding('utf8').on('data', (text: string) => lines.add(text));
      stream.on('end', () => lines.end());
    }
    this.child.on('message', (reply: HostReply) => {
      if ('busy' in reply) this.waiting.get(reply.id)?.timer.refresh();
      else this.settle(reply.id, this.redacted(reply));
    });
    this.child.on('exit', (code, signal) =>
      this.end(`it ended its process (${signal ?? `exit code ${code}`})`),
    );
    this.child.on('error', (error) => this.end(`its process cannot be reached (${error.message})`));
  }

  /**
   * @param path path of the scenario file from which `bundle` was made
   * @returns the plan, and the bundle with the gRPC schemas added
   * @throws DrumlineError `scenario-invalid` with every problem
   */
  async readPlan(
    bundle: ScenarioBundle,
    path: string,
    overrides: PlanOverrides,
    limitMs: Millis = 30_000,
  ): Promise<CheckedScenario> {
    const reply = await this.askAbout('plan', bundle, path, overrides, limitMs);
    if (reply instanceof Error) throw loadError(path, reply);
    if ('exit' in reply) {
      const { exit, message, hint, problems } = reply;
      throw problems ? new ProblemsError(message, problems, hint) : new DrumlineError(exit, message, hint);
    }
    const { plan, schemas, warnings, secrets } = reply as PlanReply;
    this.learn(secrets);
    this.isLoaded = true;
    return { plan, bundle: addSchemas(bundle, schemas), warnings, secrets };
  }

  /**
   * Reads what a scenario declares, also if its plan has problems.
   * @throws DrumlineError `scenario-invalid` if its code does not end
   */
  async describe(
    bundle: ScenarioBundle,
    path: string,
    limitMs: Millis = 30_000,
  ): Promise<ScenarioDescription> {
    const reply = await this.askAbout('describe', bundle, path, {}, limitMs);
    if (reply instanceof Error) throw loadError(path, reply);
    if ('exit' in reply) throw new DrumlineError(reply.exit, reply.message, reply.hint);
    return (reply as DescribeReply).description;
  }

  private async askAbout(
    kind: 'plan' | 'describe',
    { code }: ScenarioBundle,
    path: string,
    overrides: PlanOverrides,
    limitMs: Millis,
  ): Promise<HostReply | Error> {
    const file = writeBundle(code, { packagesFrom: dirname(resolve(path)), mayLackPackages: true });
    const request = { kind, bundle: file.path, path: resolve(path), overrides, secrets: this.secrets };
    const reply = await this.ask(request, limitMs);
    file.remove();
    return reply;
  }

  /**
   * Loads a scenario whose plan is already known, to run its hooks.
   * @throws DrumlineError `setup-failed`
   */
  async load(
    bundle: ScenarioBundle,
    path: string,
    { environment, parameters }: Pick<Plan, 'environment' | 'parameters'>,
    limitMs: Millis = 30_000,
  ): Promise<void> {
    const file = writeBundle(bundle.code, { packagesFrom: dirname(resolve(path)), mayLackPackages: true });
    const reply = await this.ask(
      {
        kind: 'load',
        bundle: file.path,
        path: resolve(path),
        environment,
        parameters,
        secrets: this.secrets,
      },
      limitMs,
    );
    file.remove();
    const problem = reply instanceof Error || 'exit' in reply ? reply.message : undefined;
    this.isLoaded = problem === undefined;
    if (this.isLoaded) return;
    throw new DrumlineError('setup-failed', `The scenario could not be loaded to run its hooks: ${problem}`);
  }

  /** @returns the error message, or undefined if the hook succeeded */
  async runHook(call: HookCall, limitMs: Millis = 10_000): Promise<string | undefined> {
    const reply = await this.ask({ kind: 'hook', ...call }, limitMs);
    if (reply instanceof Error) return reply.message;
    return 'exit' in reply ? reply.message : undefined;
  }

  /**
   * Asks the shape of the scenario for the users.
   * @returns its answer, or why there is none; undefined if the scenario is not loaded yet
   */
  async askShape(
    context: Omit<ShapeContext, 'parameters'>,
    limitMs: Millis,
  ): Promise<{ answer: ShapeAnswer } | { problem: string } | undefined> {
    if (!this.isLoaded) return undefined;
    const reply = await this.ask({ kind: 'shape', context }, limitMs);
    if (reply instanceof Error || 'exit' in reply) return { problem: reply.message };
    return 'answer' in reply ? { answer: reply.answer } : undefined;
  }

  /** Masks these secrets, too. */
  private learn(secrets: Secrets): void {
    if (Object.keys(secrets).length === 0) return;
    this.secrets = { ...this.secrets, ...secrets };
    this.redactor = Redactor.of(this.secrets);
    for (const lines of this.lines) lines.redactor = this.redactor;
  }

  close(): void {
    this.child.kill('SIGKILL');
  }

  private end(reason: string): void {
    this.ended ??= new Error(reason);
    for (const id of this.waiting.keys()) this.settle(id, this.ended);
  }

  private ask(request: Unnumbered<HostRequest>, limitMs: Millis): Promise<HostReply | Error> {
    if (this.ended) return Promise.resolve(this.ended);
    const id = this.nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => this.settle(id, new Error(`it took longer than ${limitMs / 1_000} s`)),
        limitMs,
      );
      this.waiting.set(id, { settle: resolve, timer });
      this.child.send({ ...request, id });
    });
  }

  /** Masks secrets in errors. The plan keeps its values, because lanes use them. */
  private redacted(reply: HostReply): HostReply {
    return 'exit' in reply && this.redactor ? this.redactor.data(reply) : reply;
  }

  private settle(id: number, reply: HostReply | Error): void {
    const waiting = this.waiting.get(id);
    clearTimeout(waiting?.timer);
    waiting?.settle(reply);
    this.waiting.delete(id);
  }
}

function loadError(path: string, reason: Error): DrumlineError {
  return new DrumlineError(
    'scenario-invalid',
    `${basename(path)} cannot be read: ${reason.message} while it was loaded.`,
    'Move long-running code, and code that ends the process, from the top level of the file to setup or tasks.',
  );
}
