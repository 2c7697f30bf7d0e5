import type { Metadata } from '@grpc/grpc-js';
import { closedEarly, malformed, timedOut, type Failure } from '../../engine/failure.js';
import { ErrorCode, streamReset } from '../../h2/errors.js';
import { socketFailure } from '../../engine/socket-errors.js';
import { StatusCode } from '../status.js';

/** As grpc-js gives it. */
export interface GivenStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** What is known of the call when its status comes. */
export interface CallFacts {
  readonly deadlineMs: number;
  readonly responseBegun: boolean;
  /** What the channel saw of the last connection that could not be opened. */
  readonly dialFailure: Failure | undefined;
}

interface OwnStatus {
  readonly code: StatusCode;
  readonly words: RegExp;
  readonly failure: (match: RegExpExecArray, facts: CallFacts) => Failure;
}

const NO_CONNECTION = /^No connection established/;

/** grpc-js does not say whether a status is the server's; those that it makes up itself are known by their words, and have no trailers. */
const OWN: readonly OwnStatus[] = [
  {
    code: StatusCode.DEADLINE_EXCEEDED,
    words: /^Deadline exceeded after /,
    failure: (_, { deadlineMs }) => timedOut('whole', deadlineMs),
  },
  {
    code: StatusCode.UNAVAILABLE,
    words: NO_CONNECTION,
    failure: ({ input }, { dialFailure }) => dialFailure ?? tcpFailure(input),
  },
  {
    code: StatusCode.UNAVAILABLE,
    words: /^(Connection dropped|Write failed)|\b(ECONNRESET|ETIMEDOUT|EPIPE)\b/,
    failure: ({ input }, { responseBegun }) =>
      /\bE[A-Z]+\b/.test(input) ? tcpFailure(input) : closedEarly(responseBegun),
  },
  {
    code: StatusCode.UNAVAILABLE,
    words: /^Stream refused by server$/,
    failure: () => streamReset(ErrorCode.REFUSED_STREAM),
  },
  { code: StatusCode.CANCELLED, words: /^Call cancelled$/, failure: () => streamReset(ErrorCode.CANCEL) },
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
    failure: () => malformed('NO_STATUS', 'it ends without a status'),
  },
  {
    code: StatusCode.INTERNAL,
    words: /^Received RST_STREAM with code \d+ triggered by internal client error: (.*)/,
    failure: (match) => malformed('BROKEN_STREAM', match[1]!),
  },
  {
    code: StatusCode.INTERNAL,
    words: /^Received RST_STREAM with code (\d+)/,
    failure: (match) => streamReset(Number(match[1])),
  },
  {
    code: StatusCode.RESOURCE_EXHAUSTED,
    words: /^Received message (larger than max|that decompresses to a size larger) /,
    failure: () => malformed('MESSAGE_TOO_LARGE', 'a message is longer than maxReceiveBytes'),
  },
  {
    code: StatusCode.INTERNAL,
    words: /^Failed to decompress /,
    failure: () => malformed('BAD_COMPRESSION', 'a message cannot be decompressed'),
  },
  {
    code: StatusCode.INTERNAL,
    words: /^(Compression method not supported|Failed to start HTTP\/2 stream)/,
    failure: ({ input }) => malformed('UNSUPPORTED', input),
  },
];

/** Why there is no status of the server's; undefined if this one is. */
export function failureOf(status: GivenStatus, facts: CallFacts): Failure | undefined {
  const http = /^Received HTTP status code (\d+)$/.exec(status.details);
  if (http !== null) return malformed(`HTTP_${http[1]}`, `HTTP status ${http[1]} without a gRPC status`);
  if (Object.keys(status.metadata.toJSON()).length > 0) return undefined;
  for (const { code, words, failure } of OWN) {
    const match = status.code === code ? words.exec(status.details) : null;
    if (match !== null) return failure(match, facts);
  }
  return undefined;
}

/** Whether the call found no connection, in spite of what came before. */
export function foundNoConnection({ code, details }: GivenStatus): boolean {
  return code === StatusCode.UNAVAILABLE && NO_CONNECTION.test(details);
}

/** The words of Node's sockets hold the code: `connect ECONNREFUSED 127.0.0.1:80`. */
function tcpFailure(words: string): Failure {
  const code = /\b(E[A-Z]{3,})\b/.exec(words)?.[1];
  return code === undefined ? closedEarly(false) : socketFailure({ code, message: words });
}
