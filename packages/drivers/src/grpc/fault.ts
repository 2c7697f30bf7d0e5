import { formatByteLimit } from '@drumline/model';
import type { Failure } from '../engine/failure.js';
import { NOT_HTTP2 } from '../h2/server-frames.js';
import { StatusCode } from './status.js';

/** An end without a status from the server: the status that replaces it, and the reason. */
export interface Fault {
  readonly status: StatusCode;
  readonly failure: Failure;
}

function fault(status: StatusCode, failure: Failure): Fault {
  return { status, failure };
}

export function messageTooLong(whose: 'received' | 'sent', limitBytes: number): Fault {
  const words = whose === 'received' ? 'a message from the server' : 'the message';
  return fault(StatusCode.RESOURCE_EXHAUSTED, {
    class: whose === 'received' ? 'protocol' : 'invalid',
    code: 'MESSAGE_TOO_LONG',
    message: `${words} is longer than ${formatByteLimit(limitBytes)}`,
  });
}

/** The response is not gRPC. */
export function malformedCall(code: string, detail: string, status: StatusCode = StatusCode.INTERNAL): Fault {
  return fault(status, { class: 'protocol', code, message: `malformed response: ${detail}` });
}

/**
 * The meaning of RST_STREAM from the server:
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Errors".
 */
const STATUS_OF_RESET: Readonly<Record<string, StatusCode>> = {
  H2_REFUSED_STREAM: StatusCode.UNAVAILABLE,
  H2_CANCEL: StatusCode.CANCELLED,
  H2_ENHANCE_YOUR_CALM: StatusCode.RESOURCE_EXHAUSTED,
  H2_INADEQUATE_SECURITY: StatusCode.PERMISSION_DENIED,
};

/**
 * The fault for an exchange without a complete response.
 * @param late whether the deadline has passed
 */
export function faultOf(failure: Failure, late: boolean): Fault {
  switch (failure.class) {
    case 'timeout':
      return fault(
        failure.code === 'TIMEOUT_WHOLE' ? StatusCode.DEADLINE_EXCEEDED : StatusCode.UNAVAILABLE,
        failure,
      );
    case 'aborted':
      return fault(StatusCode.CANCELLED, failure);
    case 'protocol':
      // The peer is not a gRPC server, so no part of the call was carried out.
      if (failure.message.endsWith(NOT_HTTP2)) return fault(StatusCode.UNAVAILABLE, failure);
      return fault(StatusCode.INTERNAL, failure);
    case 'invalid':
      return fault(StatusCode.INTERNAL, failure);
    case 'reset':
      if (!failure.code.startsWith('H2_')) return fault(StatusCode.UNAVAILABLE, failure);
      // The server watches the deadline as well, and may cancel the call first.
      if (late && failure.code === 'H2_CANCEL') return fault(StatusCode.DEADLINE_EXCEEDED, failure);
      return fault(STATUS_OF_RESET[failure.code] ?? StatusCode.INTERNAL, failure);
    case 'refused':
    case 'tls':
    case 'dns':
    case 'local':
      return fault(StatusCode.UNAVAILABLE, failure);
  }
}
