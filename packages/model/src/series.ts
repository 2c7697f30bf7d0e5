/** What a series is keyed by. Two samples with equal keys are counted together, cluster-wide. */
export interface SeriesKey {
  /** `http`, or a name of the user's own for custom samples. */
  readonly protocol: string;
  /** The verb within the protocol: `GET`, `POST`, …; empty where the protocol has none. */
  readonly method: string;
  /** The request's name as reports show it; for HTTP the path unless the scenario names it. */
  readonly name: string;
  /** The user type that sent it. */
  readonly user: string;
  /** Tags in effect, sorted by name: `[['region', 'eu']]`. */
  readonly tags: readonly (readonly [string, string])[];
}

/**
 * How a request ended. `interrupted` is a request the run itself cut off when the stop time-out ended: it is
 * part of `requests`, is not a failure, and has no response time.
 */
export type Outcome = 'passed' | 'failed' | 'interrupted';

/** One finished request, as a driver hands it to the lane's recorder. */
export interface Sample {
  readonly series: SeriesKey;
  readonly outcome: Outcome;
  /** Why it failed, in words that group well: `status 503`, `connection refused`. Set when and only when `failed`. */
  readonly failure?: string | undefined;
  /**
   * What differs among failures of these words: the address that refused, the server's message. One
   * is kept as an example.
   */
  readonly example?: string | undefined;
  /** End of the request on the lane's monotonic clock, milliseconds. */
  readonly endedAtMs: number;
  /** From the user's call to the last byte of the response, microseconds. */
  readonly durationUs: number;
  /** Bytes on the connection, heads included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Where the time went; absent where the protocol cannot tell. */
  readonly phases?: Phases | undefined;
  /** Connections that were opened for this request: one as a rule, several with redirects; absent if none was. */
  readonly opened?: readonly OpenedConnection[] | undefined;
}

/**
 * Where the time of one request went, milliseconds with fractions; of a chain of redirects the sums. What is left of the
 * response time was spent between the steps.
 */
export interface Phases {
  /** Waiting for a connection or a stream to be free, without the opening of one. */
  readonly queuedMs: number;
  /** Name look-up, TCP and TLS; 0 on a kept connection. */
  readonly connectMs: number;
  /** From the first byte handed to the socket to the last. */
  readonly sendMs: number;
  /** From the last byte sent to the first byte of the response. */
  readonly waitMs: number;
  /** From the first byte of the response to the last. */
  readonly receiveMs: number;
}

/** What opening a connection took, and what it agreed on. */
export interface OpenedConnection {
  /** Spoken on it: `http/1.1`, `h2`, `ws`. */
  readonly protocol: string;
  readonly dnsMs: number;
  readonly tcpMs: number;
  /** 0 without TLS. */
  readonly tlsMs: number;
  readonly tls?: TlsHandshake;
}

export interface TlsHandshake {
  /** `TLSv1.3` */
  readonly version: string;
  /** `TLS_AES_256_GCM_SHA384` */
  readonly cipher: string;
  /** Whether an earlier session was taken up again. */
  readonly resumed: boolean;
}

/** What parts of a gRPC call, or several of them as a whole, are counted as: the method of their series. */
export type PartMethod = 'first message' | 'message' | 'batches';

const PART_METHODS: ReadonlySet<string> = new Set<PartMethod>(['first message', 'message', 'batches']);

/** The protocol of the series of steps. */
export const STEP_PROTOCOL = 'step';

/**
 * Whether a series times parts of requests (events and messages of streams), or several of them as
 * a whole (steps, batches), that have series of their own. They are not in the totals, as the
 * target receives no request for them.
 */
export function timesParts({ protocol, method }: Pick<SeriesKey, 'protocol' | 'method'>): boolean {
  return (
    protocol === 'sse' || protocol === STEP_PROTOCOL || (protocol === 'grpc' && PART_METHODS.has(method))
  );
}

/** A stable text for a key, for maps. */
export function seriesId(key: SeriesKey): string {
  return JSON.stringify([key.protocol, key.method, key.name, key.user, key.tags]);
}

/** Tags of a request as a key carries them: sorted by name, so that equal sets give equal keys. */
export function sortTags(tags: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
}
