import type { CurveClient, CurveServer } from '../../security/curve.js';
import type { DropKind } from '../link.js';

/** The port that a link process must bind. */
export interface PortOrder {
  /** `tcp://HOST:PORT`; port 0 selects a free port. */
  readonly address: string;
  /** If set, only workers with the token of the master's key are accepted. */
  readonly security: PortSecurity | null;
}

/** Keys of a port. */
export interface PortSecurity {
  readonly server: CurveServer;
  /** The public key of all workers, in hexadecimal. */
  readonly workersPublicKey: string;
  /** CURVE options of a worker. `FloodGuard` uses them to replace a flooding peer. */
  readonly client: CurveClient;
}

/** What was dropped at the port since the last report, and why. */
export interface Drop {
  readonly kind: DropKind;
  readonly why: string;
  readonly count: number;
}

/** File descriptor of the pipe to the master in the link process. */
export const LINK_PIPE_FD = 3;
