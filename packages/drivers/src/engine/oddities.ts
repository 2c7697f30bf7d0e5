/**
 * Responses that the standards forbid or leave ambiguous, but that curl, Go and browsers accept.
 */
export const ODDITIES = {
  folded: 'headers folded over several lines',
  lineFeed: 'line breaks that are not CRLF',
  spaceInName: 'whitespace between a header name and its colon',
  statusSpaces: 'several spaces before the status',
  twoFramings: 'both content-length and transfer-encoding',
  identity: 'transfer-encoding: identity',
  chunkWhitespace: 'whitespace around a chunk size',
  valueWhitespace: 'whitespace around a header value',
} as const;

export type Oddity = (typeof ODDITIES)[keyof typeof ODDITIES];
