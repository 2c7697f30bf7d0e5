import type { Aim, LoadGenerator } from './generator.js';
import { shareCores, type Cores } from './machine.js';
import type { Counted, Span } from './measure.js';

/** What load is made on. */
export interface CountingTarget {
  readonly version: string;
  /** Answered so far. */
  requests(): Promise<number>;
}

/** What the rows are measured with. */
export interface Bench<T extends CountingTarget = CountingTarget, A extends Aim = Aim> {
  readonly target: T;
  readonly cores: Cores;
  readonly runs: number;
  readonly span: Span;
  /** Those that this machine has, of those that were asked for. */
  readonly peers: ReadonlyMap<string, LoadGenerator<A>>;
  /** Those that have been measured. */
  readonly used: Set<LoadGenerator<A>>;
  /** Drumline's count of every run beside the target's. */
  readonly books: Counted[];
  /** Part of the machine that others took, in each run. */
  readonly others: number[];
  /** For people, while it runs. */
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
    books: [],
    others: [],
  };
}

/** A row of the table of goals: one thing that is measured. */
export interface Row<B> {
  /** What it is chosen by. */
  readonly group: string;
  readonly title: string;
  run(bench: B): Promise<Line[]>;
  /** What Drumline's CPU is spent on in it, for people; absent where that is not the question. */
  profile?(bench: B): Promise<string>;
}

/** A line of the printed table. */
export interface Line {
  readonly what: string;
  readonly ours: string;
  /** What it is compared with, and what that gave. */
  readonly beside: string;
  readonly ratio: string;
  readonly goal: string;
  /** Undefined where there is nothing to judge. */
  readonly met?: boolean;
}
