import { messageOf } from '@drumline/model';
import { closedEarly, malformed, type Failure } from '../engine/failure.js';
import { codeOf, socketFailure } from '../engine/socket-errors.js';

/** Carries a failure through undici, which only handles errors. */
export class KnownFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Converts an error from undici, or of the socket under it, into a failure. */
export function classify(error: unknown, responseBegun: boolean): Failure {
  if (error instanceof KnownFailure) return error.failure;
  const code = codeOf(error);
  if (
    code === 'UND_ERR_INVALID_ARG' ||
    code === 'UND_ERR_NOT_SUPPORTED' ||
    code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
  ) {
    return { class: 'invalid', code, message: messageOf(error) };
  }
  if (code === 'UND_ERR_SOCKET') {
    const message = messageOf(error);
    return message.startsWith('bad ')
      ? malformed('UNEXPECTED_RESPONSE', message)
      : closedEarly(responseBegun);
  }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    // undici reports this for any fault in a response that announced a length.
    return responseBegun ? closedEarly(true) : malformed('MALFORMED', 'broken or contradictory headers');
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return malformed('HEADERS_TOO_LARGE', 'headers are too large');
  if (isParserError(error)) return parserFailure(messageOf(error), responseBegun);
  return socketFailure(error);
}

function isParserError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'HTTPParserError';
}

function parserFailure(message: string, responseBegun: boolean): Failure {
  const reason = /\((.*)\)$/.exec(message)?.[1] ?? message;
  if (reason === 'Invalid EOF state') return closedEarly(responseBegun);
  return malformed(
    'MALFORMED',
    reason.startsWith('Expected HTTP/') ? 'it does not begin with HTTP/' : reason,
  );
}
