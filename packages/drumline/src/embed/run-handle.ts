import type { RunClient, RunResult } from '@drumline/client';
import type { Detail, FollowOptions, Second } from './follow.js';

/** A run of this process. Orders that the state of the run does not allow throw an `ApiError`. */
export interface RunHandle extends AsyncDisposable {
  /** Id of the run. */
  readonly id: string;
  /** Address of the run's control API: on a loopback address, or that of the service. */
  readonly url: string;
  /** The token that the control API needs: whoever has it controls the run. Empty if none. */
  readonly token: string;
  /** The client of the control API, for everything that the handle has no method for. */
  readonly client: RunClient;
  /**
   * The result. Resolves whatever the verdict is, once all processes of the run have ended and the
   * reports are written. Rejects with a `RunError` if the run ended without a result. It need not
   * be awaited.
   */
  readonly finished: Promise<RunResult>;

  /**
   * Every second of the run once, in order, beginning with the first one. Nothing is lost if the
   * loop is slow. Late reports may correct a second later: see the event `correction` of
   * `client.events()`. `finished` has all seconds with their final figures.
   * @throws RunError if the run ends without a result
   */
  seconds(options?: FollowOptions): AsyncIterableIterator<Second>;
  /**
   * Everything counted so far, every ten seconds: series with their quantiles, errors, checks,
   * metrics. A loop that is slow gets the latest figures.
   * @throws RunError if the run ends without a result
   */
  details(options?: FollowOptions): AsyncIterableIterator<Detail>;

  /** Changes the number of users; see `RunClient`. */
  readonly setUsers: RunClient['setUsers'];
  /** Changes the rate; see `RunClient`. */
  readonly setRate: RunClient['setRate'];
  /** Pauses the run: users finish their task, then wait. */
  readonly pause: RunClient['pause'];
  /** Resumes a paused run. */
  readonly resume: RunClient['resume'];
  /** Stops the run gracefully. Resolves with the result. */
  stop(): Promise<RunResult>;
  /** Ends the run at once. Requests in flight are not counted. Resolves with the result. */
  abort(): Promise<RunResult>;
  /** Stops the run gracefully, if it has not ended, and waits for its end. */
  [Symbol.asyncDispose](): Promise<void>;
}
