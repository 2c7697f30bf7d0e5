import type { Bench, Row } from '../harness/bench.js';
import type { Aim } from '../harness/generator.js';
import type { Target } from './nginx.js';

/** Requests are GET. */
export interface HttpAim extends Aim {
  /** Default HTTP/1.1. */
  readonly protocol?: 'h2';
  /**
   * A new connection for each request, with or without TLS session resumption. Default: kept
   * connections.
   */
  readonly fresh?: 'resumed' | 'full';
}

export type HttpBench = Bench<Target, HttpAim>;
export type HttpRow = Row<HttpBench>;

export const GROUPS = [
  'h1',
  'tls',
  'fresh',
  'h2',
  'connections',
  'think',
  'own',
  'memory',
  'truth',
  'lanes',
] as const;
export type Group = (typeof GROUPS)[number];
