import type { Millis } from '../units.js';

/** What was found about a target or master by connecting to it. */
export interface TargetFacts {
  readonly host: string;
  readonly port: number;
  /** Absent if the host is an address. */
  readonly lookup?: LookupFacts;
  /** What each address did; at least one unless the lookup failed. */
  readonly addresses: readonly AddressFacts[];
  /** Absent without TLS, or if no address answers. */
  readonly tls?: TlsFacts | { readonly problem: string };
}

/** Two lookups of a name, one after the other. */
export interface LookupFacts {
  readonly firstMs: Millis;
  readonly secondMs: Millis;
  /** Why the name could not be looked up. */
  readonly problem?: string;
}

export interface AddressFacts {
  readonly address: string;
  readonly family: 4 | 6;
  /** The time to connect, or to fail. */
  readonly ms: Millis;
  /** Why no connection was opened. */
  readonly problem?: string;
}

export interface TlsFacts {
  /** `TLSv1.3` */
  readonly version: string;
  readonly cipher: string;
  /** The HTTP version that ALPN selected, if any. */
  readonly protocol?: string;
  /** Type and size of the key of the certificate: `EC P-256`, `RSA 2048`. */
  readonly keyType?: string;
  /** Time and CPU time of a full handshake on this machine. */
  readonly handshakeMs: Millis;
  readonly cpuMs: Millis;
  /** Why the certificate is not trusted with the certificate authorities of Node. */
  readonly untrusted?: string;
  /** When the certificate expires, in milliseconds since the epoch. */
  readonly validUntilMs?: number;
  /** Whether a second connection could resume the session of the first. */
  readonly resumes: boolean;
}
