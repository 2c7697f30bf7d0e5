import type { DialTarget } from '../dial/transport.js';
import { IdleLimit } from '../engine/idle-limit.js';

/** The target of requests, parsed once for all users. */
export class Origin implements DialTarget {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** The value of the `host` header, without the scheme's default port. */
  readonly authority: string;
  /** The protocol of the first connection. Later ones use it to know how many are needed. */
  protocol: 'http/1.1' | 'h2' | undefined;
  /** Use HTTP/1.1 until this instant, because the server rejected HTTP/2. */
  http11UntilMs = -Infinity;
  /** What is known of the server's idle limit. */
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
