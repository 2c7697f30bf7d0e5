import { messageOf } from '@drumline/model';
import { OutputError } from '@drumline/outputs';

/**
 * Classes and codes of SQLSTATE for which repeating is useless: credentials, unknown database,
 * missing rights, wrong data. Others may go away: a full disk, too many connections, a shutdown.
 */
const FINAL = /^(?:0A|22|23|25006|28|3D|3F|42)/;

/** Codes of TLS certificates that are refused. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/;

/** Messages of the client library that have no code. */
const FINAL_MESSAGES = /does not support SSL|client password must be a string|password authentication/;

/** The error of an attempt; an `OutputError` if repeating is useless. */
export function failureOf(error: unknown): Error {
  if (error instanceof OutputError) return error;
  const message = describe(error);
  const { code = '' } = error as { code?: unknown };
  const isFinal =
    typeof code === 'string' && code !== ''
      ? (/^[0-9A-Z]{5}$/.test(code) && FINAL.test(code)) || CERTIFICATE.test(code)
      : FINAL_MESSAGES.test(message);
  return isFinal ? new OutputError(message) : new Error(message, { cause: error });
}

function describe(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] };
  // A host with several addresses was tried at each.
  const message = messageOf(errors?.[0] ?? error);
  if (message.includes('client password must be a string'))
    return 'the server asks for a password; set PGPASSWORD, or write it in the URL';
  if (code === '3D000') return `${message}; create it with createdb`;
  return message;
}
