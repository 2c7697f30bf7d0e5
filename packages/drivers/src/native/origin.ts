import type { DialTarget } from '../dial/transport.js';
import { IdleLimit } from '../engine/idle-limit.js';

/** Where requests go, taken apart once for all users. */
export class Origin implements DialTarget {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** As the `host` header has it: the scheme's own port left out. */
  readonly authority: string;
  /** What a first connection found out: later ones know how many are needed. */
  protocol: 'http/1.1' | 'h2' | undefined;
  /** Until when connections are to be HTTP/1.1, as the server has refused HTTP/2. */
  http11UntilMs = -Infinity;
  /** What was learnt of how long it keeps idle connections. */
  readonly idleLimit = new IdleLimit();

  /** @param text `https://shop.example:8443` */
  constructor(readonly text: string) {
    const url = new URL(text);
    this.secure = url.protocol === 'https:';
    this.host = url.hostname.replace(/^\[|\]$/g, '');
    this.port = Number(url.port) || (this.secure ? 443 : 80);
    this.authority = url.host;
  }
}
