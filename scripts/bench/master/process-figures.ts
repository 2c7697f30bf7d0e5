import { readFileSync } from 'node:fs';
import { cpuSecondsOf, processTree, residentBytes, TICKS_PER_SECOND } from '../harness/process-tree.js';
import { machineSeconds } from '../harness/slices.js';

/** CPU of a process or thread. */
interface NamedCpu {
  readonly name: string;
  /** 1 is a whole core. */
  readonly cores: number;
}

export interface ProcessFigures {
  /** CPU of the master's tree; 1 is a whole core. */
  readonly cores: number;
  /** The same by process, and for the main process by thread. */
  readonly parts: readonly NamedCpu[];
  readonly residentBytes: number;
  /** Of all processes of the tree. Shared pages count several times. */
  readonly treeResidentBytes: number;
  /** CPU of the simulated workers. */
  readonly workersCores: number;
  /** Share of the machine that other processes used. */
  readonly othersShare: number;
}

/** CPU seconds since the start of each process. */
interface Snapshot {
  readonly atMs: number;
  readonly byPid: ReadonlyMap<number, number>;
  readonly mainThread: number;
  readonly workers: number;
  readonly bench: number;
  readonly machine: number;
}

/** Reads what the kernel accounts to a master and the simulated workers. */
export class ProcessMeter {
  private readonly from: Snapshot;

  constructor(
    private readonly master: number,
    private readonly workers: readonly number[],
  ) {
    this.from = this.read();
  }

  /** @param cores of the machine; @param roles names of the master's processes */
  figures(roles: ReadonlyMap<number, string>, cores: number): ProcessFigures {
    const { from } = this;
    const to = this.read();
    const seconds = (to.atMs - from.atMs) / 1_000;
    const gained = (pid: number): number => ((to.byPid.get(pid) ?? 0) - (from.byPid.get(pid) ?? 0)) / seconds;
    const mainThread = (to.mainThread - from.mainThread) / seconds;
    const children = [...to.byPid.keys()].filter((pid) => pid !== this.master);
    const parts = [
      { name: 'main thread', cores: mainThread },
      { name: 'other threads', cores: gained(this.master) - mainThread },
      ...children.map((pid) => ({ name: roles.get(pid) ?? `process ${pid}`, cores: gained(pid) })),
    ];
    const others = to.machine - from.machine - (to.bench - from.bench);
    const resident = [...to.byPid.keys()].map(residentBytes);
    return {
      cores: parts.reduce((sum, part) => sum + part.cores, 0),
      parts,
      residentBytes: residentBytes(this.master),
      treeResidentBytes: resident.reduce((sum, bytes) => sum + bytes, 0),
      workersCores: (to.workers - from.workers) / seconds,
      othersShare: Math.max(0, others) / seconds / cores,
    };
  }

  private read(): Snapshot {
    const tree = processTree(this.master);
    return {
      atMs: performance.now(),
      byPid: new Map(tree.map(({ pid, cpuSeconds }) => [pid, cpuSeconds])),
      mainThread: threadSeconds(this.master, this.master),
      workers: this.workers.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0),
      bench: cpuSecondsOf(process.pid),
      machine: machineSeconds(),
    };
  }
}

/** User and system time of a thread, see proc(5). */
function threadSeconds(pid: number, thread: number): number {
  const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
