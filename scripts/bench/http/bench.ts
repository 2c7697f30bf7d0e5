import type { LoadGenerator } from './generator.js';
import { shareCores, type Cores } from './machine.js';
import type { Counted, Span } from './measure.js';
import { startNginx, type Target } from './nginx.js';

/** What the rows are measured with. */
export interface Bench {
  readonly target: Target;
  readonly cores: Cores;
  readonly runs: number;
  readonly span: Span;
  /** Those that this machine has, of those that were asked for. */
  readonly peers: ReadonlyMap<string, LoadGenerator>;
  /** Those that have been measured. */
  readonly used: Set<LoadGenerator>;
  /** Drumline's count of every run beside the target's. */
  readonly books: Counted[];
  /** Part of the machine that others took, in each run. */
  readonly others: number[];
  /** For people, while it runs. */
  readonly say: (line: string) => void;
}

/** Starts the target. */
export async function openBench(
  options: Pick<Bench, 'runs' | 'span' | 'say'>,
  peers: readonly LoadGenerator[],
): Promise<Bench> {
  const cores = shareCores();
  const target = await startNginx(cores.target);
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
export interface Row {
  /** What it is chosen by. */
  readonly group: Group;
  readonly title: string;
  run(bench: Bench): Promise<Line[]>;
  /** What Drumline's CPU is spent on in it, for people; absent where that is not the question. */
  profile?(bench: Bench): Promise<string>;
}

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
