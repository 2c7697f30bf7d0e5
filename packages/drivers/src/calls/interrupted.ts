/**
 * Thrown when a request is aborted, or not sent, because the run ends. Do not catch and ignore it.
 */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly code = 'DRUMLINE_INTERRUPTED';

  constructor(message = 'the user was stopped') {
    super(message);
  }
}

/** Whether an error is an InterruptedError, even from another copy of this package. */
export function isInterrupted(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    thrown.code === 'DRUMLINE_INTERRUPTED'
  );
}

/**
 * A check before each call of a client.
 * @returns the reason for rejecting the call; undefined allows it
 */
export type CallGate = () => Error | undefined;

/** The gate of an interrupted client. */
export const interruptedGate: CallGate = () => new InterruptedError();

/**
 * Rejects on a later turn of the event loop. Otherwise a loop in user code that catches all errors
 * would starve the lane.
 */
export function refuseInterrupted(): Promise<never> {
  return refuse(new InterruptedError());
}

/** Like `refuseInterrupted`, with the given reason. */
export async function refuse(reason: Error): Promise<never> {
  await new Promise((resolve) => setImmediate(resolve));
  throw reason;
}
