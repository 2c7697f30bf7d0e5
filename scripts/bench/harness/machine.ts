import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { onPath } from './launch.js';

/**
 * The cores of this machine, divided among the processes. Each is a list for `taskset -c`,
 * undefined if nothing is pinned.
 */
export interface Cores {
  readonly target: string | undefined;
  /** Cores of a generator. Peers run one thread; a worker runs its control process and one lane. */
  readonly generator: string | undefined;
  /** All cores except the target's, for several lanes. */
  readonly others: string | undefined;
  /** The number of cores in `others`. */
  readonly otherCount: number;
  /** A remark on the cores for the reader of the table. */
  readonly remark: string;
}

/** The target gets the first core that this process may use, a generator the second. */
export function shareCores(): Cores {
  const allowed = allowedCores();
  const [target, generator] = allowed;
  const unpinned = { target: undefined, generator: undefined, others: undefined, otherCount: allowed.length };
  if (onPath('taskset') === undefined)
    return { ...unpinned, remark: 'not pinned to cores: this machine has no taskset' };
  if (target === undefined || generator === undefined)
    return { ...unpinned, remark: 'not pinned: one core for the target and the generators' };
  return {
    target: String(target),
    generator: String(generator),
    others: allowed.slice(1).join(','),
    otherCount: allowed.length - 1,
    remark: `target pinned to core ${target}, each generator to core ${generator}`,
  };
}

/** The command, pinned to these cores. */
export function pinned(cores: string | undefined, command: readonly string[]): string[] {
  return cores === undefined ? [...command] : ['taskset', '-c', cores, ...command];
}

/** How many files a process may open at most. */
export function openFileLimit(): number {
  const text = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  return text === 'unlimited' ? 1_000_000 : Number(text);
}

/** The machine of the figures, in one line. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  return `${allowedCores().length} cores of ${model}, Linux ${release()}, Node ${process.versions.node}`;
}

function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!;
  return list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to! - from! + 1 }, (_, index) => from! + index);
  });
}
