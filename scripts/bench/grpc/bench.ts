import type { Bench, Row } from '../harness/bench.js';
import type { Aim } from '../harness/generator.js';
import type { GrpcTarget } from './target.js';

/**
 * Calls of `bank.Accounts/GetBalances`. `connections` counts channels, `streams` the calls in
 * flight on each.
 */
export interface GrpcAim extends Aim {
  /** Accounts requested by a call. */
  readonly accounts: number;
}

export type GrpcBench = Bench<GrpcTarget, GrpcAim>;
export type GrpcRow = Row<GrpcBench>;

export const GROUPS = ['unary', 'stream', 'thousand', 'memory'] as const;
export type Group = (typeof GROUPS)[number];
