/** Thrown at user code whose request was cut off, or never sent, because the run ends. Not to be caught and ignored. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly code = 'DRUMLINE_INTERRUPTED';

  constructor(message = 'the user was stopped') {
    super(message);
  }
}

/** Whether something thrown is an InterruptedError, also one of another copy of this package. */
export function isInterrupted(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    thrown.code === 'DRUMLINE_INTERRUPTED'
  );
}

/**
 * Asked before each call of a client that has one.
 * @returns why the call is refused; undefined lets it pass
 */
export type CallGate = () => Error | undefined;

/** The gate of a client that is cut off. */
export const interruptedGate: CallGate = () => new InterruptedError();

/** On a later turn of the event loop: a user's loop that catches everything must not starve the lane. */
export function refuseInterrupted(): Promise<never> {
  return refuse(new InterruptedError());
}

/** As `refuseInterrupted`, for another reason. */
export async function refuse(reason: Error): Promise<never> {
  await new Promise((resolve) => setImmediate(resolve));
  throw reason;
}
