import { messageOf } from '@drumline/model';
import { closedEarly, malformed, timedOut, type Failure } from '../engine/failure.js';
import { codeOf, socketFailure } from '../engine/socket-errors.js';
import { ConnectTimeout } from './dialler.js';

/** Names what undici, or a socket under it, reported. */
export function classify(error: unknown, host: string, responseBegun: boolean): Failure {
  const code = codeOf(error);
  if (code === 'DRUMLINE_CONNECT_TIMEOUT') return timedOut('connect', (error as ConnectTimeout).limitMs);
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
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'HPE_INVALID_EOF_STATE') {
    return closedEarly(responseBegun);
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return malformed('HEADERS_TOO_LARGE', 'headers are too large');
  if (code.startsWith('HPE_')) return malformed(code, llhttpReason(messageOf(error)));
  return socketFailure(error, host);
}

function llhttpReason(message: string): string {
  return /\((.*)\)$/.exec(message)?.[1] ?? message;
}
