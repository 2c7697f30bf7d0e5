import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { ProcessMeter, type ProcessFigures } from './process-figures.js';
import type { ApiFigures, MasterKind, RunningMaster } from './running-master.js';
import { SimulatedWorkers } from './simulated-workers.js';
import type { WorkerCounts, WorkerLoad } from './workers/load.js';

const WARM_UP_MS = 5_000;
/** Locust acknowledges nothing: the time for its last reports. */
const SETTLE_MS = 3_000;

export interface MeasureOptions {
  readonly seconds: number;
  readonly joinsRunning: boolean;
  readonly say: (line: string) => void;
}

/** What was measured of one master. */
export interface Figures {
  readonly kind: MasterKind;
  readonly load: WorkerLoad;
  readonly joinedAfterMs: number;
  /** Counts until the end of the warm-up, with the round trips until then. */
  readonly joining: WorkerCounts;
  readonly seconds: number;
  readonly processes: ProcessFigures;
  readonly api: ApiFigures | undefined;
  /** Entries merged in the measurement. */
  readonly merged: number;
  readonly repeats: number;
  readonly silences: number;
  readonly roundTripsMs: readonly number[];
  /** How late the timers of the simulated workers were, milliseconds. */
  readonly lateMs: readonly number[];
  /** Size of its run file, and the length of the run in seconds. */
  readonly stored: { readonly bytes: number; readonly seconds: number } | undefined;
  /** Requests that the master has counted. */
  readonly counted: number;
  /** Counts of the whole test. */
  readonly whole: WorkerCounts;
}

/** Starts a master, lets simulated workers join, and measures once the join is over. */
export async function measure(kind: MasterKind, load: WorkerLoad, options: MeasureOptions): Promise<Figures> {
  const { say } = options;
  say(`${kind.name}: starting`);
  const master = await kind.start(load);
  const workers = new SimulatedWorkers(kind.protocol, master.address, load);
  try {
    if (options.joinsRunning) await workers.join(1);
    const joinedAfterMs = await workers.join(options.joinsRunning ? load.workers - 1 : load.workers);
    const joinedMs = performance.now();
    say(`${kind.name}: ${load.workers} workers have joined`);
    await pause(WARM_UP_MS);
    const joining = await workers.counts();
    const measured = await measureWindow(master, workers, options.seconds);
    say(`${kind.name}: ending`);
    await workers.finish();
    if (!kind.acknowledges) await pause(SETTLE_MS);
    const counted = await master.end();
    const bytes = master.storedBytes?.();
    const stored =
      bytes === undefined ? undefined : { bytes, seconds: (performance.now() - joinedMs) / 1_000 };
    const whole = await workers.counts();
    return { kind, load, joinedAfterMs, joining, ...measured, stored, counted, whole };
  } finally {
    await Promise.all([workers.kill(), master.kill()]);
  }
}

type Window = Omit<Figures, 'kind' | 'load' | 'joinedAfterMs' | 'joining' | 'whole' | 'counted' | 'stored'>;

async function measureWindow(
  master: RunningMaster,
  workers: SimulatedWorkers,
  seconds: number,
): Promise<Window> {
  await master.measureBegins?.();
  const endApi = master.watchApi?.();
  const from = await workers.counts();
  const meter = new ProcessMeter(master.pid, workers.pids);
  const startedMs = performance.now();
  await pause(seconds * 1_000);
  const processes = meter.figures(master.roles(), cpus().length);
  const to = await workers.counts();
  const took = (performance.now() - startedMs) / 1_000;
  const api = await endApi?.();
  await master.measureEnds?.();
  return {
    seconds: took,
    processes,
    api,
    merged: to.ackedEntries - from.ackedEntries,
    repeats: to.repeats - from.repeats,
    silences: to.silences - from.silences,
    roundTripsMs: to.roundTripsMs,
    lateMs: to.lateMs,
  };
}
