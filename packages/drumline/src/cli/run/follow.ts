import { resolve } from 'node:path';
import { DrumlineError, EXIT_CODES, outcomeLine, type ExitName } from '@drumline/model';
import type { MasterHandle, MasterOptions } from '@drumline/master';
import type { RunResult } from '@drumline/wire';
import { LinkProcess } from '@drumline/wire/link-process';
import type { LiveModel } from '../../view/model.js';
import { onInterrupt } from './interrupts.js';
import { writeOutputs, type Outputs } from './outputs.js';
import { openScreen, viewOptions, type Screen } from './screen.js';
import { snapshotOf, timelineFrom } from './snapshot.js';
import type { RunOrders } from './steering.js';

const SHOW_EVERY_MS = 500;
const ABORT_WITHIN_MS = 1_000;

/** What goes on beside the master: the workers that `drumline run` starts. */
export interface Companions {
  /** The master has its port. */
  masterReady(master: MasterHandle): void;
  /** Rejects if the run cannot go on without them. */
  readonly lost?: Promise<never>;
  end(): Promise<void>;
}

/**
 * Runs a master from its start to its written result, with the live view and handling of Ctrl-C.
 * @returns the exit code of the run
 */
export async function followMaster(
  options: MasterOptions,
  outputs: Outputs,
  quiet: boolean,
  companionsOf: (screen: Screen) => Companions,
  onSigterm: OnSigterm = 'stop',
): Promise<number> {
  // If the result goes to stdout, nothing else may be printed there.
  const out = outputs.json === '-' ? process.stderr : process.stdout;
  const screen = openScreen({ out, quiet });
  const companions = companionsOf(screen);
  const interrupts = interruptible(screen, onSigterm);
  let master: MasterHandle | undefined;
  try {
    // It boots while the master is loaded.
    const linkProcess = new LinkProcess();
    const { startMaster } = await import('@drumline/master');
    const report = outputs.html === undefined ? undefined : resolve(outputs.html);
    master = await startMaster(
      { ...options, report, seriesTimeline: outputs.csv !== undefined },
      (line) => screen.say(line),
      linkProcess,
    );
    interrupts.aim(master);
    for (const line of addressesOf(master)) screen.say(line);
    companions.masterReady(master);
    screen.steer(ordersOf(master));
    const result = await resultOf(master, screen, companions.lost);
    if (!quiet) screen.say(await summaryOf(result, out));
    else if (result.verdict !== 'passed') screen.warn(`${result.verdict}: ${reasonOf(result)}`);
    await writeOutputs(result, outputs, (line) => screen.warn(line), master.seriesPoints());
    return result.exitCode;
  } finally {
    screen.end();
    interrupts.done();
    await master?.close();
    await companions.end();
  }
}

/** The orders behind the keys. */
function ordersOf({ control }: MasterHandle): RunOrders {
  return {
    stop: () => control.stop(),
    pause: () => control.pause(),
    resume: () => control.resume(),
    setUsers: (users) => control.setUsers(users),
  };
}

function addressesOf({ workerAddress, apiUrl }: MasterHandle): string[] {
  const api = apiUrl === null ? [] : [`Control API at ${apiUrl}`];
  return [`Workers join at ${workerAddress}`, ...api];
}

async function resultOf(
  master: MasterHandle,
  screen: Screen,
  lost: Promise<never> | undefined,
): Promise<RunResult> {
  const { control, finished } = master;
  const look = (): LiveModel => {
    const status = control.status();
    const timeline = control.timeline(timelineFrom(status));
    return snapshotOf(status, control.stats(), control.workers(), timeline);
  };
  const showing = setInterval(() => screen.show(look), SHOW_EVERY_MS);
  try {
    return await Promise.race(lost === undefined ? [finished] : [finished, withoutWorkers(master, lost)]);
  } finally {
    clearInterval(showing);
    screen.end();
  }
}

/**
 * Handles the loss of all local workers: an error before the run has begun. After that, the run is
 * stopped and reports the samples it has.
 */
async function withoutWorkers(master: MasterHandle, lost: Promise<never>): Promise<RunResult> {
  try {
    return await lost;
  } catch (error) {
    const { state } = master.control.status();
    if (['created', 'gathering', 'preparing', 'ready'].includes(state)) throw error;
    master.stop('requested');
    return await master.finished;
  }
}

function reasonOf(result: RunResult): string {
  const { exit, exitCode } = result;
  const { meaning } = EXIT_CODES[exit as ExitName];
  return `${outcomeLine(result)}; exit ${exitCode} ${exit}: ${meaning}`;
}

async function summaryOf(result: RunResult, out: NodeJS.WriteStream): Promise<string> {
  const { renderSummary } = await import('../../view/summary.js');
  return `\n${renderSummary(result, viewOptions(out))}`;
}

/** What SIGTERM does to a run: ends it gracefully, or leaves it to the next master. */
export type OnSigterm = 'stop' | 'hand-over';

/**
 * Ctrl-C and signals: the first one ends the run gracefully, the second at once. SIGTERM may hand
 * the run over instead. Before there is a master, there is nothing to lose.
 */
function interruptible(
  screen: Screen,
  onSigterm: OnSigterm,
): { aim(master: MasterHandle): void; done(): void } {
  let master: MasterHandle | undefined;
  const exit = (): never => process.exit(EXIT_CODES.interrupted.exitCode);
  const done = onInterrupt({
    first: (signal) => {
      if (!master) exit();
      if (signal === 'SIGTERM' && onSigterm === 'hand-over') {
        screen.say('SIGTERM: leaving the run to the next master.');
        return master?.handOver();
      }
      screen.say('Stopping: running tasks may finish. Press Ctrl-C again to stop at once.');
      master?.stop('interrupted');
    },
    second: () => {
      screen.say('Stopping at once.');
      setTimeout(exit, ABORT_WITHIN_MS).unref();
      master?.abort();
    },
  });
  return { aim: (to) => (master = to), done };
}

/** @throws DrumlineError if the flags contradict each other */
export function requireShorter(heartbeatMs: number, missingAfterMs: number): void {
  if (heartbeatMs > 0 && missingAfterMs >= 2 * heartbeatMs) return;
  throw new DrumlineError(
    'usage',
    '--missing-after: must be at least twice --heartbeat, and that above 0',
    'A worker that is slightly late would count as missing.',
  );
}
