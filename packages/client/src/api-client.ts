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

const REQUEST_TIMEOUT_MS = 10_000;
/** Exit codes by HTTP status. */
const EXITS: Readonly<Record<number, ExitName>> = {
  400: 'usage',
  401: 'refused',
  403: 'refused',
  409: 'request-invalid',
};

/** A typed client of a master's control API. Every method throws a `DrumlineError` on failure. */
export class ApiClient {
  readonly #headers: Readonly<Record<string, string>>;

  /** @param token required by a master that has a key */
  constructor(
    readonly url: string,
    token?: string,
  ) {
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  status(): Promise<StatusView> {
    return this.#request('GET', '/v1/status');
  }

  async workers(): Promise<WorkerView[]> {
    return (await this.#request<{ workers: WorkerView[] }>('GET', '/v1/workers')).workers;
  }

  stats(): Promise<StatsView> {
    return this.#request('GET', '/v1/stats');
  }

  /** Available once the run has ended. */
  result(): Promise<RunResult> {
    return this.#request('GET', '/v1/result');
  }

  timeline(fromSecond: number): Promise<TimelineView> {
    return this.#request('GET', `/v1/timeline?from=${fromSecond}`);
  }

  order(name: 'start' | 'stop' | 'pause' | 'resume' | 'reset'): Promise<OrderReply> {
    return this.#request('POST', `/v1/${name}`);
  }

  setUsers(order: UsersOrder): Promise<OrderReply> {
    return this.#request('POST', '/v1/users', order);
  }

  /** The events of the run, from its current state until the master closes the connection. */
  async *events(): AsyncGenerator<RunEventView> {
    const response = await this.#fetch('/v1/events', { headers: this.#headers });
    if (!response.ok || !response.body) await this.#fail(response);
    try {
      yield* readEvents(response.body!);
    } catch {
      // A broken stream counts as its end. The `end` event shows whether the run is over.
    }
  }

  async #request<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.#fetch(path, {
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body) }),
      headers: { ...this.#headers, ...(body && { 'content-type': 'application/json' }) },
    });
    if (!response.ok) await this.#fail(response);
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw this.#notAMaster(error);
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
    if (typeof problem?.error !== 'string' || response.status === 404) throw this.#notAMaster(undefined);
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

  #notAMaster(cause: unknown): DrumlineError {
    return new DrumlineError(
      'master-unreachable',
      `the server at ${this.url} is not a Drumline master`,
      'Name the master’s control API with --api HOST:PORT; the master prints it when it starts.',
      { cause },
    );
  }
}
