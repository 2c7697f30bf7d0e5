import { malformed } from '../engine/failure.js';

/** Faults in responses. The messages contain nothing that varies between responses. */
export const FAULTS = {
  notHttp: malformed('MALFORMED', 'it does not begin with HTTP/'),
  version: malformed('MALFORMED', 'an HTTP version other than 1.0 and 1.1'),
  statusLine: malformed('MALFORMED', 'a broken status line'),
  statusSpaces: malformed('MALFORMED', 'a broken status line'),
  upgrade: malformed('UNEXPECTED_UPGRADE', 'a switch to another protocol'),
  lineBreak: malformed('MALFORMED', 'a line break that is not CRLF'),
  /** A line feed without a carriage return. Unlike the reverse, its meaning is unambiguous. */
  lineFeed: malformed('MALFORMED', 'a line break that is not CRLF'),
  folded: malformed('MALFORMED', 'a header folded over several lines'),
  noName: malformed('MALFORMED', 'a header without a name'),
  noColon: malformed('MALFORMED', 'a header without a colon'),
  spaceInName: malformed('MALFORMED', 'a space in a header name'),
  name: malformed('MALFORMED', 'a forbidden character in a header name'),
  value: malformed('MALFORMED', 'a forbidden character in a header value'),
  headTooLarge: malformed('HEADERS_TOO_LARGE', 'headers are too large'),
  trailersTooLarge: malformed('HEADERS_TOO_LARGE', 'trailers are too large'),
  contentLength: malformed('MALFORMED', 'a content-length that is not a length'),
  contentLengths: malformed('MALFORMED', 'two different content-lengths'),
  twoFramings: malformed('MALFORMED', 'both content-length and transfer-encoding'),
  transferEncoding: malformed('MALFORMED', 'a transfer-encoding other than chunked'),
  chunkSize: malformed('MALFORMED', 'a broken chunk size'),
  chunkTooLarge: malformed('MALFORMED', 'a chunk size that is too large'),
  chunkExtension: malformed('MALFORMED', 'a forbidden character in a chunk extension'),
  chunkLine: malformed('MALFORMED', 'a chunk extension that is too large'),
  chunkEnd: malformed('MALFORMED', 'a chunk longer than its size'),
} as const;
