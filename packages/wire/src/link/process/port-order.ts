import type { CurveClient, CurveServer } from '../../security/curve.js';
import type { DropKind } from '../link.js';

/** The order to a link process to bind a port. */
export interface PortOrder {
  /** `tcp://HOST:PORT`; port 0 takes a free one. */
  readonly address: string;
  /** With it, only workers that have the token of the master's key are let in. */
  readonly security: PortSecurity | null;
}

export interface PortSecurity {
  readonly server: CurveServer;
  /** The public key that all workers have, in hexadecimal. */
  readonly workersPublicKey: string;
  /** What a worker has: the link process takes the place of a peer that floods it. */
  readonly client: CurveClient;
}

/** Why something was dropped at the port, and how often since the last report. */
export interface Drop {
  readonly kind: DropKind;
  readonly why: string;
  readonly count: number;
}

/** The file descriptor of the link process that is the pipe to the master. */
export const LINK_PIPE_FD = 3;
