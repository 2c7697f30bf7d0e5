import type { Metadata } from '@grpc/grpc-js';
import { closedEarly, timedOut, type Failure } from '../../engine/failure.js';
import { socketFailure } from '../../engine/socket-errors.js';
import { ErrorCode, streamReset } from '../../h2/errors.js';
import { malformedCall, messageTooLong } from '../fault.js';
import { StatusCode } from '../status.js';

/** A status as grpc-js reports it. */
export interface GivenStatus {
  /** Absent, with this message, if grpc-js does not know the compression. */
  readonly code: number | undefined;
  readonly details: string;
  readonly metadata: Metadata;
}

/** What is known of the call when its status arrives. */
export interface CallFacts {
  readonly deadlineMs: number;
  readonly maxReceiveBytes: number;
  readonly responseBegun: boolean;
  /** The failure of the channel's last connection attempt. */
  readonly dialFailure: Failure | undefined;
}

interface OwnStatus {
  readonly code: StatusCode;
  readonly words: RegExp;
  readonly failure: (match: RegExpExecArray, facts: CallFacts) => Failure;
}

const NO_CONNECTION = /^No connection established/;

/**
 * grpc-js does not report whether the server sent a status. Its own statuses are recognized by
 * their messages, and by the absence of trailers.
 */
const OWN: readonly OwnStatus[] = [
  {
    code: StatusCode.DEADLINE_EXCEEDED,
    words: /^Deadline exceeded after /,
    failure: (_, { deadlineMs }) => timedOut('whole', deadlineMs),
  },
  {
    code: StatusCode.UNAVAILABLE,
    words: NO_CONNECTION,
    failure: ({ input }, { dialFailure }) => dialFailure ?? tcpFailure(input, false),
  },
  {
    code: StatusCode.UNAVAILABLE,
    words: /^(Connection dropped|Write failed)|\b(ECONNRESET|ETIMEDOUT|EPIPE)\b/,
    failure: ({ input }, { responseBegun }) => tcpFailure(input, responseBegun),
  },
  {
    code: StatusCode.UNAVAILABLE,
    words: /^Stream refused by server$/,
    failure: () => streamReset(ErrorCode.REFUSED_STREAM),
  },
  {
    code: StatusCode.CANCELLED,
    words: /^Call cancelled$/,
    failure: () => streamReset(ErrorCode.CANCEL),
  },
  {
    code: StatusCode.RESOURCE_EXHAUSTED,
    words: /^Bandwidth exhausted or memory limit exceeded$/,
    failure: () => streamReset(ErrorCode.ENHANCE_YOUR_CALM),
  },
  {
    code: StatusCode.PERMISSION_DENIED,
    words: /^Protocol not secure enough$/,
    failure: () => streamReset(ErrorCode.INADEQUATE_SECURITY),
  },
  {
    code: StatusCode.INTERNAL,
    words: /^Received RST_STREAM with code 0 /,
    failure: () => malformedCall('STATUS_MISSING', 'no grpc-status').failure,
  },
  {
    code: StatusCode.INTERNAL,
    words: /^Received RST_STREAM with code \d+ triggered by internal client error: (.*)/,
    failure: (match) => malformedCall('BROKEN_STREAM', match[1]!).failure,
  },
  {
    code: StatusCode.INTERNAL,
    words: /^Received RST_STREAM with code (\d+)/,
    failure: (match) => streamReset(Number(match[1])),
  },
  {
    code: StatusCode.RESOURCE_EXHAUSTED,
    words: /^Received message (larger than max|that decompresses to a size larger) /,
    failure: (_, { maxReceiveBytes }) => messageTooLong('received', maxReceiveBytes).failure,
  },
  {
    code: StatusCode.INTERNAL,
    words: /^Failed to decompress (.*)-encoded message$/,
    failure: (match) =>
      malformedCall('MESSAGE_COMPRESSION', `a message that is not valid ${match[1]!}`).failure,
  },
];

/** Why the server sent no status; undefined if it sent this one. */
export function failureOf({ code, details, metadata }: GivenStatus, facts: CallFacts): Failure | undefined {
  if (code === undefined)
    return malformedCall('MESSAGE_ENCODING', 'a message with an unknown compression').failure;
  const http = /^Received HTTP status code (\d+)$/.exec(details)?.[1];
  if (http === '200') return malformedCall('STATUS_MISSING', 'no grpc-status').failure;
  if (http !== undefined) return { class: 'protocol', code: `HTTP_${http}`, message: `HTTP status ${http}` };
  if (Object.keys(metadata.toJSON()).length > 0) return undefined;
  for (const own of OWN) {
    const match = own.code === code ? own.words.exec(details) : null;
    if (match !== null) return own.failure(match, facts);
  }
  return undefined;
}

/** Whether the call found no connection, despite earlier ones. */
export function foundNoConnection({ code, details }: GivenStatus): boolean {
  return code === StatusCode.UNAVAILABLE && NO_CONNECTION.test(details);
}

/** Error messages of Node's sockets contain the code: `connect ECONNREFUSED 127.0.0.1:80`. */
function tcpFailure(words: string, responseBegun: boolean): Failure {
  const code = /\b(E[A-Z]{3,})\b/.exec(words)?.[1];
  return code === undefined ? closedEarly(responseBegun) : socketFailure({ code, message: words });
}
