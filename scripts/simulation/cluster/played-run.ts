import { createHash } from 'node:crypto';
import type { Plan } from '@drumline/model';
import type { Run, WorkersWanted } from '@drumline/master/testing';
import type { RunResult } from '@drumline/wire';
import { Ledger } from './output.js';

/** One run of a schedule. Several masters may have executed it, one after the other. */
export class PlayedRun {
  /** IDs under which it began. More than one if a master died before it stored the start. */
  readonly ids = new Set<string>();
  /** How it ended: a result, or the name of its exit code. */
  result: RunResult | undefined;
  failure: string | undefined;
  /** In the last master that executed it. */
  run: Run | undefined;
  /** What an output has written of it. */
  readonly ledger = new Ledger();
  /** When it first began, in world time. */
  beganAtMs = Infinity;

  constructor(
    readonly plan: Plan,
    /** Number of workers to wait for. */
    readonly expectWorkers: number,
    /** Number of workers that it takes. */
    readonly workers: WorkersWanted,
    /** From the end of the previous run to the beginning. */
    readonly pauseMs: number,
  ) {}

  /** Whether it has been reported. */
  get isOver(): boolean {
    return this.result !== undefined || this.failure !== undefined;
  }
}

const CODE = 'export default "a scenario whose plan is known to the lanes, of run ';

/** The scenario of a run. Its code names the run, so that lanes know which one they are in. */
export function bundleOf(runId: string): { readonly id: string; readonly code: string } {
  const code = `${CODE}${runId}";`;
  return { id: createHash('sha256').update(code).digest('hex'), code };
}

/** The run whose scenario this is. */
export function runIdIn(code: string): string {
  return code.slice(CODE.length, -2);
}
