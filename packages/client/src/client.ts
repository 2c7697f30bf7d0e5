import type {
  AccessView,
  ClusterWorkerView,
  CompareQuery,
  ComparisonView,
  HealthView,
  MessageReply,
  RunsPage,
  RunsQuery,
  RunView,
  ScenarioStart,
  ScenariosView,
  ScenarioUpload,
  ScenarioView,
  Submission,
} from '@drumline/wire/views';
import { compareRuns } from './compare-runs.js';
import { HttpApi } from './http-api.js';
import { newKey } from './new-key.js';
import { runPath, withQuery } from './run-path.js';
import { clientOfRun, type RunClient } from './run-client.js';
import { readScenario, startScenario } from './scenarios.js';
import { submitRun, uploadMissing, type UploadedFile, type UploadOptions } from './submissions.js';

/** Where the control API is, and the right to use it. */
export interface ConnectOptions {
  /** As the master prints it: `http://127.0.0.1:8089`. */
  readonly url: string;
  /** The content of `drumline.api-token`. Required unless the API is on a loopback address. */
  readonly token?: string | undefined;
  /**
   * Sends the requests; default: the global `fetch`. For example one that trusts a private
   * certificate authority.
   */
  readonly fetch?: typeof fetch | undefined;
}

/**
 * A client of a master's control API. It holds no connection. Every method throws an `ApiError` on
 * failure.
 */
export interface MasterClient {
  /** URL of the control API, without a trailing slash. */
  readonly url: string;
  /** The state of the master. */
  health(): Promise<HealthView>;
  /** What the token allows. */
  access(): Promise<AccessView>;
  /** Every worker of the cluster. */
  workers(): Promise<ClusterWorkerView[]>;
  /** The runs, the newest first, in pages. */
  runs(query?: RunsQuery): Promise<RunsPage>;
  /**
   * A client of one run. Sends nothing.
   * @param id the id of the run, a unique beginning of 4 or more characters, or `current`: the run
   *   in progress, else the first of the queue, else the newest that ended; default `current`
   */
  run(id?: string): RunClient;
  /**
   * Uploads the files of a run that the master does not have. Continues an upload that was cut.
   * @returns the number of uploaded bytes
   */
  upload(files: readonly UploadedFile[], options?: UploadOptions): Promise<number>;
  /**
   * Puts a run into the queue of a master that stays. Its files were uploaded before.
   * @param idempotencyKey submissions with the same key create one run; by default a new one
   * @throws ApiError `request-invalid` if the master has only one run; `queue-full`
   */
  submit(submission: Submission, idempotencyKey?: string): Promise<RunView>;
  /**
   * Compares two runs that have ended, as `drumline compare` does. It takes seconds.
   * @throws ApiError `run-unfinished`, `run-unknown`
   */
  compare(query: CompareQuery): Promise<ComparisonView>;
  /** The scenarios of the master's directory. */
  scenarios(): Promise<ScenariosView>;
  /**
   * What a scenario of the directory, or an uploaded one, declares.
   * @throws ApiError `scenario-unknown`, `scenario-invalid`
   */
  scenario(source: string | ScenarioUpload): Promise<ScenarioView>;
  /**
   * Lets the master plan, bundle and submit a run of a scenario.
   * @param idempotencyKey requests with the same key create one run; by default a new one
   * @throws ApiError `scenario-invalid` with every problem; `scenario-unknown`, `queue-full`
   */
  startScenario(start: ScenarioStart, idempotencyKey?: string): Promise<RunView>;
  /**
   * Orders a worker to leave: its users move to other workers, and its process ends.
   * @param worker its name or id
   * @throws ApiError `worker-unknown`
   */
  drain(worker: string): Promise<MessageReply>;
  /**
   * Deletes a run that has ended, with its result and files.
   * @param id the id of the run, or a unique beginning of 4 or more characters
   * @throws ApiError `request-invalid` if the run has not ended; `run-unknown`
   */
  deleteRun(id: string): Promise<MessageReply>;
  /**
   * Lets a master end that executes one run (`drumline serve --once`), once everything was fetched.
   * @throws ApiError `run-unfinished`; `request-invalid` if the master is not such a one
   */
  finish(): Promise<MessageReply>;
}

/**
 * Creates a client of a master's control API. Nothing is sent until a method is called.
 * @throws TypeError if the URL or the token is malformed
 */
export function connect({ url, token, fetch }: ConnectOptions): MasterClient {
  const http = new HttpApi(url, token, fetch);
  return {
    url: http.url,
    health: () => http.request('GET', '/v1/health'),
    access: () => http.request('GET', '/v1/access'),
    workers: async () => (await http.request<{ workers: ClusterWorkerView[] }>('GET', '/v1/workers')).workers,
    runs: ({ state, labels, limit, after } = {}) => {
      const label =
        labels && Object.entries(labels).map((pair) => pair.join('=').replaceAll(/[\\,]/g, '\\$&'));
      const query = { state, label, limit, after };
      return http.request('GET', withQuery('/v1/runs', query));
    },
    run: (id = 'current') => clientOfRun(http, id),
    upload: (files, options = {}) => uploadMissing(http, files, options),
    drain: (worker) => http.request('POST', `/v1/workers/${encodeURIComponent(worker)}/drain`),
    deleteRun: (id) => http.request('DELETE', runPath(id)),
    submit: (submission, key = newKey()) => submitRun(http, submission, key),
    compare: (query) => compareRuns(http, query),
    scenarios: () => http.request('GET', '/v1/scenarios'),
    scenario: (source) => readScenario(http, source),
    startScenario: (start, key = newKey()) => startScenario(http, start, key),
    finish: () => http.request('POST', '/v1/finish'),
  };
}
