/** A kind of error of a series. Instants are ISO 8601 in UTC, here and everywhere below. */
export interface ErrorResult {
  protocol: string;
  method: string;
  name: string;
  user: string;
  /** Tags of the series; absent if it has none. */
  tags?: Record<string, string>;
  error: string;
  /** Details of one of them, such as an address or the server's message. */
  example?: string;
  occurrences: number;
  firstSeenAt: string;
  lastSeenAt: string;
  /** A few of the failed requests; only in the result at the end. */
  samples?: FailureSampleResult[];
}

/** A failed request. Credentials are removed, and bodies are cut. */
export interface FailureSampleResult {
  at: string;
  /** Request line, headers, and the start of the body. */
  request: string;
  /** Status line, headers, and the start of the body; absent if there was no response. */
  response?: string;
}
