import { RecentMap } from '../engine/recent-map.js';
import { withoutCertificate } from './session-certificate.js';

/** The number of tickets cached for each target. Servers issue one or two with every handshake. */
const KEPT = 8;
/** Limits memory: a target may redirect to any number of others. */
const REMEMBERED_TARGETS = 10_000;

/**
 * TLS sessions by target. Each ticket is used once while others are left (RFC 8446, appendix C.4).
 * The last one is shared, so that every new connection of a load test can resume.
 */
export class TlsSessions {
  readonly #byTarget = new RecentMap<string, Buffer[]>(REMEMBERED_TARGETS);

  /** The newest session. */
  take(target: string): Buffer | undefined {
    const kept = this.#byTarget.get(target);
    return kept === undefined || kept.length === 1 ? kept?.[0] : kept.pop();
  }

  put(target: string, fresh: Buffer): void {
    const session = withoutCertificate(fresh);
    const kept = this.#byTarget.get(target);
    if (kept === undefined) this.#byTarget.set(target, [session]);
    else if (kept.push(session) > KEPT) kept.shift();
  }
}
