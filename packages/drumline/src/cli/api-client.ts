import { DrumlineError, messageOf, type ExitName } from '@drumline/model';
import type {
  ApiProblem,
  OrderReply,
  RunEventView,
  RunResult,
  StatsView,
  StatusView,
  TimelineView,
  UsersOrder,
  WorkerView,
} from '@drumline/wire';
import { readEvents } from './event-stream.js';

const ANSWER_WITHIN_MS = 10_000;
/** By the status of the answer. */
const EXITS: Readonly<Record<number, ExitName>> = {
  400: 'usage',
  401: 'refused',
  403: 'refused',
  409: 'request-invalid',
};

/** A master's control API, typed. Everything it cannot do is a `DrumlineError`. */
export class ApiClient {
  readonly #headers: Readonly<Record<string, string>>;

  /** @param token what the master asks for off loopback */
  constructor(
    readonly url: string,
    token?: string,
  ) {
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  status(): Promise<StatusView> {
    return this.#ask('GET', '/v1/status');
  }

  async workers(): Promise<WorkerView[]> {
    return (await this.#ask<{ workers: WorkerView[] }>('GET', '/v1/workers')).workers;
  }

  stats(): Promise<StatsView> {
    return this.#ask('GET', '/v1/stats');
  }

  /** Once the run has ended. */
  result(): Promise<RunResult> {
    return this.#ask('GET', '/v1/result');
  }

  timeline(fromSecond: number): Promise<TimelineView> {
    return this.#ask('GET', `/v1/timeline?from=${fromSecond}`);
  }

  order(name: 'start' | 'stop' | 'pause' | 'resume' | 'reset'): Promise<OrderReply> {
    return this.#ask('POST', `/v1/${name}`);
  }

  setUsers(order: UsersOrder): Promise<OrderReply> {
    return this.#ask('POST', '/v1/users', order);
  }

  /**
   * The events of the run, from the present state until the master ends the stream or goes away.
   */
  async *events(): AsyncGenerator<RunEventView> {
    const response = await this.#fetch('/v1/events', { headers: this.#headers });
    if (!response.ok || !response.body) await this.#fail(response);
    try {
      yield* readEvents(response.body!);
    } catch {
      // A stream that breaks off is one that ends: the caller knows whether the run had ended.
    }
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.#fetch(path, {
      method,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body && { body: JSON.stringify(body) }),
      headers: { ...this.#headers, ...(body && { 'content-type': 'application/json' }) },
    });
    if (!response.ok) await this.#fail(response);
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw this.#noMaster(error);
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(this.url + path, init);
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  async #fail(response: Response): Promise<never> {
    const problem = (await response.json().catch(() => null)) as ApiProblem | null;
    if (typeof problem?.error !== 'string' || response.status === 404) throw this.#noMaster(undefined);
    throw new DrumlineError(EXITS[response.status] ?? 'master-unreachable', problem.error, problem.hint);
  }

  #unreachable(error: unknown): DrumlineError {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return new DrumlineError(
      'master-unreachable',
      `no master answers at ${this.url}: ${messageOf(cause) || 'no connection'}`,
      'Start one with `drumline master scenario.ts`, or name its control API with --api HOST:PORT.',
      { cause: error },
    );
  }

  #noMaster(cause: unknown): DrumlineError {
    return new DrumlineError(
      'master-unreachable',
      `what answers at ${this.url} is not a Drumline master`,
      'Name the master’s control API with --api HOST:PORT; the master prints it when it starts.',
      { cause },
    );
  }
}
