import { fileURLToPath } from 'node:url';
import { connect } from '@drumline/client';
import { findUnknownKeys } from '@drumline/model';
import { followDetails, followSeconds } from './follow.js';
import { RUN_OPTION_KEYS, type RunOptions, type RunOrder } from './options.js';
import { RunError } from './run-error.js';
import type { RunHandle } from './run-handle.js';
import { RunProcess, type Started } from './run-process.js';

/** A run that was told to end at once and has not ended is killed after this time. */
const ABORT_WITHIN_MS = 5_000;

/**
 * Starts a run whose master, scenario host and lanes are child processes of this one, or submits it
 * to a service from a child process. Resolves when the options and the scenario are valid, and the
 * run waits for its workers.
 * @throws RunError with every problem of the options or of the scenario; the reason of the signal
 */
export async function startRun(options: RunOptions): Promise<RunHandle> {
  const { signal, log = () => {} } = options;
  signal?.throwIfAborted();
  const process = new RunProcess(orderOf(options), log);
  const started = await unlessAborted(process, options.service !== undefined, signal);
  const stop = (): void => process.stop();
  signal?.addEventListener('abort', stop, { once: true });
  const forget = (): void => signal?.removeEventListener('abort', stop);
  process.finished.then(forget, forget);
  const ca = options.service?.ca;
  const fetch = ca === undefined ? undefined : await trusting(ca);
  return handleOf(process, started, fetch);
}

/** The child has read the file before. */
async function trusting(ca: string): Promise<typeof globalThis.fetch> {
  const { fetchTrusting } = await import('../cli/options/https-fetch.js');
  return await fetchTrusting(ca);
}

/** @throws RunError `usage` */
function orderOf({ log, signal, ...options }: RunOptions): RunOrder {
  void signal;
  const problems = findUnknownKeys(options, RUN_OPTION_KEYS).map(({ key, hint }) => `${key}: ${hint}`);
  if (problems.length > 0) throw new RunError({ code: 'usage', message: problems.join('\n') });
  const { scenario } = options;
  return {
    ...options,
    scenario: scenario instanceof URL ? fileURLToPath(scenario) : scenario,
    logs: log !== undefined,
  };
}

/**
 * Waits until the run has started. If the signal aborts before, ends it.
 * @param isSubmitted whether the run may be in the queue of a service by then, which must cancel it
 */
async function unlessAborted(
  run: RunProcess,
  isSubmitted: boolean,
  signal: AbortSignal | undefined,
): Promise<Started> {
  let late: NodeJS.Timeout | undefined;
  const end = (): void => {
    if (!isSubmitted) return run.kill();
    run.abort();
    late = setTimeout(() => run.kill(), ABORT_WITHIN_MS);
    const ended = (): void => clearTimeout(late);
    run.finished.then(ended, ended);
  };
  signal?.addEventListener('abort', end, { once: true });
  try {
    const started = await run.started;
    signal?.throwIfAborted();
    return started;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

function handleOf(
  run: RunProcess,
  { runId, url, token }: Started,
  fetch: typeof globalThis.fetch | undefined,
): RunHandle {
  const client = connect({ url, token: token === '' ? undefined : token, fetch }).run(runId);
  const { finished } = run;
  const gone = new AbortController();
  const onEnd = (): void => gone.abort();
  finished.then(onEnd, onEnd);
  const followed = { client, gone: gone.signal, finished };
  const stop = async (): ReturnType<RunHandle['stop']> => {
    run.stop();
    return await finished;
  };
  return {
    id: runId,
    url,
    token,
    client,
    finished,
    seconds: (options = {}) => followSeconds(followed, options),
    details: (options = {}) => followDetails(followed, options),
    setUsers: (users, options) => client.setUsers(users, options),
    setRate: (perSecond, options) => client.setRate(perSecond, options),
    pause: () => client.pause(),
    resume: () => client.resume(),
    stop,
    abort: async () => {
      run.abort();
      const late = setTimeout(() => run.kill(), ABORT_WITHIN_MS);
      return await finished.finally(() => clearTimeout(late));
    },
    [Symbol.asyncDispose]: async () => {
      await stop().catch(() => {});
    },
  };
}
