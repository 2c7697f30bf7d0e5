import type { OpenedConnection } from '@drumline/model';
import { addEncoded, encodeHistogram } from './codec.js';
import type { ConnectionDelta, ConnectionKind } from './delta.js';
import { Histogram } from './histogram.js';
import { type LatencySummary, summarize } from './latency.js';
import { compare } from './metrics.js';

/** Connections of one kind over the run, with the times to open them. */
export interface ConnectionTotals extends ConnectionKind {
  opened: number;
  dnsMs: LatencySummary;
  tcpMs: LatencySummary;
  /** Absent without TLS. */
  tlsMs?: LatencySummary;
}

/** The most kinds. Further ones are counted as `OTHER_CONNECTIONS`. */
const MAX_CONNECTION_KINDS = 100;

/** The kind for connections beyond the limit. */
const OTHER_CONNECTIONS: ConnectionKind = {
  protocol: '(other)',
  tlsVersion: '',
  cipher: '',
  handshake: 'mixed',
};

/** Counts opened connections by kind. */
export class ConnectionTally {
  /** A list, because there are few kinds. */
  readonly #tallies: ConnectionKindTally[] = [];

  record(opened: OpenedConnection): void {
    this.#tally(kindOf(opened)).record(opened);
  }

  add(delta: ConnectionDelta): void {
    this.#tally(delta.kind).add(delta);
  }

  deltas(): ConnectionDelta[] {
    return this.#tallies.filter(({ opened }) => opened > 0).map((tally) => tally.delta());
  }

  /** Sorted by kind. */
  totals(): ConnectionTotals[] {
    return this.#tallies.map((tally) => tally.totals()).sort(compareKinds);
  }

  /** Resets all counts. Kinds keep the memory of their histograms. */
  reset(): void {
    for (const tally of this.#tallies) tally.reset();
  }

  #tally(kind: ConnectionKind): ConnectionKindTally {
    for (const tally of this.#tallies) if (areSame(tally.kind, kind)) return tally;
    if (this.#tallies.length >= MAX_CONNECTION_KINDS && kind !== OTHER_CONNECTIONS) {
      return this.#tally(OTHER_CONNECTIONS);
    }
    const tally = new ConnectionKindTally(kind);
    this.#tallies.push(tally);
    return tally;
  }
}

type OpeningTimes = Pick<ConnectionTotals, 'dnsMs' | 'tcpMs' | 'tlsMs'>;

/** Connections of one kind. */
class ConnectionKindTally {
  opened = 0;
  readonly #dns = new Histogram();
  readonly #tcp = new Histogram();
  readonly #tls = new Histogram();
  #times: OpeningTimes | undefined;

  constructor(readonly kind: ConnectionKind) {}

  record({ dnsMs, tcpMs, tlsMs, tls }: OpenedConnection): void {
    this.opened++;
    this.#dns.record(dnsMs * 1000);
    this.#tcp.record(tcpMs * 1000);
    if (tls !== undefined) this.#tls.record(tlsMs * 1000);
  }

  add({ opened, dns, tcp, tls }: ConnectionDelta): void {
    addEncoded(this.#dns, dns);
    addEncoded(this.#tcp, tcp);
    addEncoded(this.#tls, tls);
    this.opened += opened;
    this.#times = undefined;
  }

  delta(): ConnectionDelta {
    return {
      kind: this.kind,
      opened: this.opened,
      dns: encodeHistogram(this.#dns),
      tcp: encodeHistogram(this.#tcp),
      tls: encodeHistogram(this.#tls),
    };
  }

  /** The totals, cached until the next `add`. Do not use it together with `record`. */
  totals(): ConnectionTotals {
    const { dnsMs, tcpMs, tlsMs } = (this.#times ??= this.#summarize());
    return {
      ...this.kind,
      opened: this.opened,
      dnsMs: { ...dnsMs },
      tcpMs: { ...tcpMs },
      ...(tlsMs && { tlsMs: { ...tlsMs } }),
    };
  }

  reset(): void {
    this.opened = 0;
    this.#dns.reset();
    this.#tcp.reset();
    this.#tls.reset();
    this.#times = undefined;
  }

  #summarize(): OpeningTimes {
    return {
      dnsMs: summarize(this.#dns),
      tcpMs: summarize(this.#tcp),
      ...(this.#tls.count > 0 && { tlsMs: summarize(this.#tls) }),
    };
  }
}

function kindOf({ protocol, tls }: OpenedConnection): ConnectionKind {
  if (tls === undefined) return { protocol, tlsVersion: '', cipher: '', handshake: 'none' };
  const { version, cipher, resumed } = tls;
  return { protocol, tlsVersion: version, cipher, handshake: resumed ? 'resumed' : 'full' };
}

function areSame(a: ConnectionKind, b: ConnectionKind): boolean {
  return (
    a.handshake === b.handshake &&
    a.protocol === b.protocol &&
    a.tlsVersion === b.tlsVersion &&
    a.cipher === b.cipher
  );
}

function compareKinds(a: ConnectionKind, b: ConnectionKind): number {
  return (
    compare(a.protocol, b.protocol) ||
    compare(a.tlsVersion, b.tlsVersion) ||
    compare(a.cipher, b.cipher) ||
    compare(a.handshake, b.handshake)
  );
}
