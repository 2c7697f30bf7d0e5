import { EXIT_CODES, type ExitName } from './exit-codes.js';

/** An error that the user can fix. Printed with its hint and without a stack. */
export class DrumlineError extends Error {
  override readonly name = 'DrumlineError';

  constructor(
    /** The exit code with which the program ends. */
    readonly exit: ExitName,
    /** What is wrong and where, in one or more lines. */
    message: string,
    /** How to fix it. */
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get exitCode(): number {
    return EXIT_CODES[this.exit].exitCode;
  }
}

/** The longest description of a thrown object without a message, in characters. */
const MAX_DESCRIPTION_CHARS = 500;

/** The message of anything that was thrown, even if reading it throws. */
export function messageOf(thrown: unknown): string {
  try {
    if (typeof thrown !== 'object' || thrown === null) return String(thrown);
    const { message } = thrown as { message?: unknown };
    if (message !== undefined && message !== '') return textOf(message);
    return describe(thrown) || 'an error without a message';
  } catch {
    return 'something was thrown that cannot be described';
  }
}

/** The stack of anything that was thrown, or its message. */
export function stackOf(thrown: unknown): string {
  try {
    const stack =
      typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? thrown.stack : undefined;
    if (typeof stack === 'string') return stack;
  } catch {
    // The getter throws: use the message.
  }
  return messageOf(thrown);
}

/** An object that was thrown instead of an error: its own text if it has one, else its JSON. */
function describe(thrown: object): string {
  const text = typeof thrown.toString === 'function' ? textOf(thrown) : '[object Object]';
  if (!text.startsWith('[object ')) return text;
  return (jsonOf(thrown) ?? `an object with the keys ${Object.keys(thrown).join(', ')}`).slice(
    0,
    MAX_DESCRIPTION_CHARS,
  );
}

function textOf(value: unknown): string {
  // oxlint-disable-next-line typescript/no-base-to-string -- see `describe`
  return String(value);
}

/** @returns undefined if JSON cannot express the value, such as a cycle */
function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
