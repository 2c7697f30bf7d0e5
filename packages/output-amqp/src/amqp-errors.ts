import { messageOf } from '@drumline/model';
import { OutputError } from '@drumline/outputs';

/** Replies of a broker that another attempt does not change. */
const FINAL = /ACCESS[-_]REFUSED|NOT[-_]ALLOWED|PRECONDITION[-_]FAILED|NOT[-_]FOUND|INVALID[-_]PATH/;

/** An error of the broker, as final if repeating is useless. */
export function amqpError(error: unknown): Error {
  const message = messageOf(error);
  if (/ACCESS[-_]REFUSED/.test(message))
    return new OutputError(`the broker refuses the user or the password: ${message}`, { cause: error });
  if (FINAL.test(message)) return new OutputError(message, { cause: error });
  return error instanceof Error ? error : new Error(message);
}
