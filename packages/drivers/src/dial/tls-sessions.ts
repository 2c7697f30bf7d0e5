import { RecentMap } from '../engine/recent-map.js';
import { withoutCertificate } from './session-certificate.js';

/** So many tickets of one target are remembered: servers give one or two with every handshake. */
const KEPT = 8;
/** A target may redirect to ever new ones. */
const REMEMBERED_TARGETS = 10_000;

/**
 * TLS sessions by target. A ticket is used once as long as there are others (RFC 8446, appendix C.4); the last one is
 * shared, as every new connection of a load test should be able to resume.
 */
export class TlsSessions {
  readonly #byTarget = new RecentMap<string, Buffer[]>(REMEMBERED_TARGETS);

  /** The newest. */
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
