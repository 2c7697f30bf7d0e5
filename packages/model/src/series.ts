/** The key of a series. Samples with equal keys are counted together over the cluster. */
export interface SeriesKey {
  /** Protocol, such as `http`, or a custom name. */
  readonly protocol: string;
  /** Operation within the protocol, such as `GET`; empty if the protocol has none. */
  readonly method: string;
  /** Name of the request in reports. Default for HTTP: the path. */
  readonly name: string;
  /** User type that sent the request. */
  readonly user: string;
  /** Tags, sorted by name: `[['region', 'eu']]`. */
  readonly tags: readonly (readonly [string, string])[];
}

/**
 * How a request ended. `interrupted` means that the end of the stop timeout interrupted it. Such a
 * request is counted in `requests`, is not a failure, and has no response time.
 */
export type Outcome = 'passed' | 'failed' | 'interrupted';

/** What was sent and received by a failed request, as text that was cut to a length. */
export interface FailureEvidence {
  /** Request line, headers, and the start of the body. */
  readonly request: string;
  /** Status line, headers, and the start of the body; absent if there was no response. */
  readonly response?: string;
}

/** A finished request, as a driver passes it to the recorder of the lane. */
export interface Sample {
  readonly series: SeriesKey;
  readonly outcome: Outcome;
  /** Why it failed, as text that groups well, such as `status 503`. Set only if it failed. */
  readonly failure?: string | undefined;
  /** Details that differ among failures with the same text. One is kept as an example. */
  readonly example?: string | undefined;
  /**
   * Status of the response: a number for HTTP, a name for gRPC. For WebSockets, the HTTP status of
   * a handshake, or the code of the close that ended a wait. Absent if there was none.
   */
  readonly status?: number | string | undefined;
  /** Id of the trace that the request belongs to, if it was sent with one. */
  readonly traceId?: string | undefined;
  /** Id of its span, if the scenario chose it; otherwise `spanIdOf` tells it. */
  readonly spanId?: string | undefined;
  /** Shows a failed request. Called for a few of them; absent if the protocol cannot. */
  evidence?(): FailureEvidence | undefined;
  /** End of the request on the lane's monotonic clock, milliseconds. */
  readonly endedAtMs: number;
  /** Service time: from the user's call to the last byte of the response, microseconds. */
  readonly durationUs: number;
  /**
   * How late its iteration began, milliseconds with fractions: the time from when it was due. Only
   * the first request of an iteration has it. The response time is the service time and this.
   */
  readonly lateMs?: number | undefined;
  /** Bytes on the connection, including headers. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Time spent in each phase; absent if the protocol does not measure phases. */
  readonly phases?: Phases | undefined;
  /** Connections opened for this request; several with redirects, absent if there were none. */
  readonly opened?: readonly OpenedConnection[] | undefined;
}

/**
 * The time of a request by phase, in milliseconds with fractions. For a chain of redirects, the
 * phases are added up. The rest of the response time was spent between the phases.
 */
export interface Phases {
  /** Waiting for a free connection or stream, without the time to open a connection. */
  readonly queuedMs: number;
  /** DNS, TCP and TLS; 0 on an open connection. */
  readonly connectMs: number;
  /** From the first byte handed to the socket to the last. */
  readonly sendMs: number;
  /** From the last byte sent to the first byte of the response. */
  readonly waitMs: number;
  /** From the first byte of the response to the last. */
  readonly receiveMs: number;
}

/** The times to open a connection, and the protocols that were negotiated. */
export interface OpenedConnection {
  /** `http/1.1`, `h2` or `ws`. */
  readonly protocol: string;
  readonly dnsMs: number;
  readonly tcpMs: number;
  /** 0 without TLS. */
  readonly tlsMs: number;
  readonly tls?: TlsHandshake;
}

/** The result of a TLS handshake. */
export interface TlsHandshake {
  /** `TLSv1.3` */
  readonly version: string;
  /** `TLS_AES_256_GCM_SHA384` */
  readonly cipher: string;
  /** Whether an earlier TLS session was resumed. */
  readonly resumed: boolean;
}

/** Methods of the series that time parts of gRPC calls, or batches of them. */
export type PartMethod = 'first message' | 'message' | 'batches';

const PART_METHODS: ReadonlySet<string> = new Set<PartMethod>(['first message', 'message', 'batches']);

/** The protocol of series that time steps. */
export const STEP_PROTOCOL = 'step';

/**
 * Whether a series times parts of requests (events and messages of streams) or groups of them
 * (steps, batches). They are not in the totals, because the requests have their own series.
 */
export function timesParts({ protocol, method }: Pick<SeriesKey, 'protocol' | 'method'>): boolean {
  return (
    protocol === 'sse' || protocol === STEP_PROTOCOL || (protocol === 'grpc' && PART_METHODS.has(method))
  );
}

/** A text that identifies a key in maps. */
export function seriesId(key: SeriesKey): string {
  return JSON.stringify([key.protocol, key.method, key.name, key.user, key.tags]);
}

/**
 * A short name of a series, 14 hexadecimal digits, for links and filters. Computed from `seriesId`
 * by two multiplicative hashes of 32 bits.
 */
export function shortSeriesId(key: SeriesKey): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (const character of seriesId(key)) {
    const code = character.codePointAt(0)!;
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(16).padStart(14, '0');
}

/** The name of a check or metric with its tags, if it has any: `status is 200 [phase=rate]`. */
export function taggedLabel({ name, tags }: Tagged): string {
  const texts = Object.entries(tags ?? {}).map(([tag, value]) => `${tag}=${value}`);
  return texts.length === 0 ? name : `${name} [${texts.join(' ')}]`;
}

interface Tagged {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Tags sorted by name, so that equal sets give equal keys. */
export function sortTags(tags: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
}
