/**
 * Responses that the standards forbid or leave ambiguous, but that curl, Go and browsers accept.
 */
export const ODDITIES = {
  folded: 'headers folded over several lines',
  lineFeed: 'line breaks that are not CRLF',
  spaceInName: 'blanks between the name of a header and its colon',
  statusBlanks: 'several blanks before the status',
  twoFramings: 'both content-length and transfer-encoding',
  identity: 'transfer-encoding: identity',
  chunkBlanks: 'blanks around the size of a chunk',
  valueBlanks: 'blanks around the value of a header',
} as const;

export type Oddity = (typeof ODDITIES)[keyof typeof ODDITIES];
