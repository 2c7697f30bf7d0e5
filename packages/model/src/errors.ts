import { EXIT_CODES, type ExitName } from './exit-codes.js';

/** A mistake or a misfortune that the user can mend: what, where and how. Printed without a stack trace. */
export class DrumlineError extends Error {
  override readonly name = 'DrumlineError';

  constructor(
    /** Which way the program ends because of it. */
    readonly exit: ExitName,
    /** What is wrong and where, in one or more lines. */
    message: string,
    /** How to mend it. */
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get exitCode(): number {
    return EXIT_CODES[this.exit].exitCode;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown && thrown.message !== '') {
    return String(thrown.message);
  }
  return String(thrown);
}

/** The stack of anything that was thrown, or its message. */
export function stackOf(thrown: unknown): string {
  const stack = typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? thrown.stack : undefined;
  return typeof stack === 'string' ? stack : messageOf(thrown);
}
