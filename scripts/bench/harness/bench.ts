import type { Aim, LoadGenerator } from './generator.js';
import { shareCores, type Cores } from './machine.js';
import type { Counted, Span } from './measure.js';

/** The target of the load. */
export interface CountingTarget {
  readonly version: string;
  /** Requests answered so far. */
  requests(): Promise<number>;
}

/** Everything the rows need to measure. */
export interface Bench<T extends CountingTarget = CountingTarget, A extends Aim = Aim> {
  readonly target: T;
  readonly cores: Cores;
  readonly runs: number;
  readonly span: Span;
  /** The requested peers that this machine has, by name. */
  readonly peers: ReadonlyMap<string, LoadGenerator<A>>;
  /** The peers measured so far. */
  readonly used: Set<LoadGenerator<A>>;
  /** Drumline's count of every run with the target's. */
  readonly counts: Counted[];
  /** Share of the machine that other processes used, in each run. */
  readonly others: number[];
  /** Prints progress. */
  readonly say: (line: string) => void;
}

/** Starts the target. */
export async function openBench<T extends CountingTarget, A extends Aim>(
  options: Pick<Bench, 'runs' | 'span' | 'say'>,
  peers: readonly LoadGenerator<A>[],
  startTarget: (cores: string | undefined) => Promise<T>,
): Promise<Bench<T, A>> {
  const cores = shareCores();
  const target = await startTarget(cores.target);
  return {
    ...options,
    target,
    cores,
    peers: new Map(peers.map((peer) => [peer.name, peer])),
    used: new Set(),
    counts: [],
    others: [],
  };
}

/** A row of the table of goals: one measurement. */
export interface Row<B> {
  /** The group that selects it on the command line. */
  readonly group: string;
  readonly title: string;
  run(bench: B): Promise<Line[]>;
  /**
   * Describes where Drumline's CPU time goes in this row. Absent if the row does not measure CPU.
   */
  profile?(bench: B): Promise<string>;
}

/** A line of the printed table. */
export interface Line {
  readonly what: string;
  readonly ours: string;
  /** The peer it is compared with, and the peer's figure. */
  readonly beside: string;
  readonly ratio: string;
  readonly goal: string;
  /** Undefined if there is no goal. */
  readonly met?: boolean;
}
