/** How many workers a run wants: all that are free and all that join, or this many. */
export type WorkersWanted = 'all' | number;

/** A run as the assignment of workers sees it. */
export interface RunInLine<Worker> {
  readonly wants: WorkersWanted;
  /** Number of its workers that it can count on: present ones, and those that may still return. */
  readonly present: number;
  /** Whether it has been given workers. From then on, lost workers are replaced one by one. */
  readonly hasBegun: boolean;
  /** Whether the run can use this worker. */
  accepts(worker: Worker): boolean;
}

/** Workers that a run gets. */
export interface Assigned<Run, Worker> {
  readonly run: Run;
  readonly workers: readonly Worker[];
}

/**
 * Assigns idle workers to runs, first come, first served.
 *
 * A run that wants all workers takes each one that is free. A run that wants a number begins with
 * that number at once, and no later run gets a worker before it. Lost workers of a run are replaced
 * before later runs get any.
 * @param runs in the order in which they came
 * @param idle in the order in which they are given away
 */
export function assign<Worker, Run extends RunInLine<Worker>>(
  runs: readonly Run[],
  idle: readonly Worker[],
): Assigned<Run, Worker>[] {
  const assigned: Assigned<Run, Worker>[] = [];
  let free = idle;
  for (const run of runs) {
    if (free.length === 0) break;
    const usable = free.filter((worker) => run.accepts(worker));
    const lacks = run.wants === 'all' ? Infinity : Math.max(0, run.wants - run.present);
    if (isHeldBack(run, usable.length)) break;
    const workers = usable.slice(0, lacks);
    if (workers.length === 0) continue;
    assigned.push({ run, workers });
    const taken = new Set(workers);
    free = free.filter((worker) => !taken.has(worker));
  }
  return assigned;
}

/** Whether a run has to wait for more free workers before it can begin. */
function isHeldBack({ wants, present, hasBegun }: RunInLine<never>, usable: number): boolean {
  return !hasBegun && wants !== 'all' && present + usable < wants;
}
