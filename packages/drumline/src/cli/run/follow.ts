import { resolve } from 'node:path';
import { DrumlineError, EXIT_CODES } from '@drumline/model';
import type { MasterHandle, MasterOptions } from '@drumline/master';
import type { Comparison } from '@drumline/master/report';
import type { RunResult } from '@drumline/wire';
import { LinkProcess } from '@drumline/wire/link-process';
import type { LiveModel } from '../../view/model.js';
import { setLoggedRun } from '../log-format.js';
import { failureLine } from './failure-line.js';
import { reportToGithub } from './github.js';
import { onInterrupt } from './interrupts.js';
import { openBrowser } from './open-browser.js';
import { readsSeriesOf, writeOutputs, type Outputs } from './outputs.js';
import { resultOf } from './result-of.js';
import { openScreen, viewOptions, type Screen } from './screen.js';
import { snapshotOf, timelineFrom } from './snapshot.js';
import type { RunOrders } from './key-commands.js';
import type { TerminationLog } from './termination-log.js';

const SHOW_EVERY_MS = 500;
const ABORT_WITHIN_MS = 1_000;

/** Processes that run beside the master: the workers that `drumline run` starts. */
export interface LocalProcesses {
  /** Called when the master listens on its port. */
  masterReady(master: MasterHandle): void;
  /** Rejects if all of them are lost. */
  readonly lost?: Promise<never>;
  end(): Promise<void>;
}

/**
 * Runs a master until its result is written. Shows the live view and handles Ctrl-C.
 * @returns the exit code of the run
 */
export async function followMaster(
  options: MasterOptions,
  outputs: Outputs & { readonly termination?: TerminationLog; readonly ui?: boolean },
  quiet: boolean,
  startLocalProcesses: (screen: Screen) => LocalProcesses,
  onSigterm: OnSigterm = 'stop',
): Promise<number> {
  // If the result goes to stdout, nothing else may be printed there.
  const out = outputs.json === '-' ? process.stderr : process.stdout;
  const screen = openScreen({ out, quiet });
  const localProcesses = startLocalProcesses(screen);
  const interrupts = handleInterrupts(screen, onSigterm);
  let master: MasterHandle | undefined;
  try {
    // Started first, so that it boots while the master's modules load.
    const linkProcess = new LinkProcess();
    const { startMaster } = await import('@drumline/master');
    const report = outputs.html === undefined ? undefined : resolve(outputs.html);
    master = await startMaster(
      { ...options, report, seriesTimeline: outputs.csv !== undefined },
      (line) => screen.print(line),
      linkProcess,
    );
    setLoggedRun(master.control.id);
    interrupts.attach(master);
    for (const line of addressesOf(master)) screen.print(line);
    if (outputs.ui === true) showDashboard(master, screen);
    localProcesses.masterReady(master);
    screen.acceptKeys(ordersOf(master));
    const result = await showUntilEnd(master, screen, localProcesses.lost);
    await outputs.termination?.ended(result);
    if (!quiet) screen.print(await summaryOf(result, out));
    else if (result.verdict !== 'passed') screen.warn(failureLine(result));
    const seriesPoints = master.seriesPoints();
    const { control } = master;
    // Closing the master commits the last seconds, which a comparison reads.
    await master.close();
    master = undefined;
    const compared = await outputs.comparison?.compare(result);
    if (compared && !quiet) screen.print(await comparisonOf(compared, out));
    const context = { seriesPoints, comparison: compared, ...readsSeriesOf(control) };
    await writeOutputs(result, outputs, (line) => screen.warn(line), context);
    await reportToGithub(result, (line) => screen.warn(line), compared);
    const isWorse = compared !== undefined && outputs.comparison!.isFailed(compared);
    if (isWorse && quiet) screen.warn('regression: a condition of --fail-if was met');
    return isWorse && result.exitCode === 0 ? EXIT_CODES.regression.exitCode : result.exitCode;
  } finally {
    screen.end();
    interrupts.done();
    await master?.close();
    await localProcesses.end();
  }
}

/** Opens the dashboard in the browser. */
function showDashboard({ apiUrl }: MasterHandle, screen: Screen): void {
  if (apiUrl === null) return screen.print('There is no dashboard, because --no-api turns it off.');
  openBrowser(`${apiUrl}/`, () => screen.print(`No browser could be opened. Open ${apiUrl}/ yourself.`));
}

/** The orders for key commands. */
function ordersOf({ control }: MasterHandle): RunOrders {
  return {
    stop: () => control.stop(),
    pause: () => control.pause(),
    resume: () => control.resume(),
    setUsers: (users) => control.setUsers({ users }),
  };
}

/** The addresses of a master, as lines. */
export function addressesOf({
  workerAddress,
  apiUrl,
  grpcAddress,
}: Pick<MasterHandle, 'workerAddress' | 'apiUrl' | 'grpcAddress'>): string[] {
  const api = apiUrl === null ? [] : [`Control API at ${apiUrl}`, `Dashboard at ${apiUrl}/`];
  const grpc = grpcAddress === null ? [] : [`gRPC API at ${grpcAddress}`];
  return [`Workers join at ${workerAddress}`, ...api, ...grpc];
}

/** The result, while the live view is shown. */
async function showUntilEnd(
  master: MasterHandle,
  screen: Screen,
  lost: Promise<never> | undefined,
): Promise<RunResult> {
  const { control } = master;
  const takeSnapshot = (): LiveModel => {
    const status = control.status();
    const timeline = control.seconds(timelineFrom(status));
    return snapshotOf(status, control.stats(), control.workers(), timeline);
  };
  const showing = setInterval(() => screen.show(takeSnapshot), SHOW_EVERY_MS);
  try {
    return await resultOf(master, lost);
  } finally {
    clearInterval(showing);
    screen.end();
  }
}

async function summaryOf(result: RunResult, out: NodeJS.WriteStream): Promise<string> {
  const { renderSummary } = await import('../../view/summary.js');
  return `\n${renderSummary(result, viewOptions(out))}`;
}

async function comparisonOf(comparison: Comparison, out: NodeJS.WriteStream): Promise<string> {
  const { renderComparison } = await import('../../view/comparison.js');
  return renderComparison(comparison, viewOptions(out));
}

/** The effect of SIGTERM: stop the run gracefully, or leave it to the next master. */
export type OnSigterm = 'stop' | 'hand-over';

/**
 * Handles Ctrl-C and signals. The first one stops the run gracefully, the second aborts it. SIGTERM
 * may hand the run over instead. Before the master is attached, the process exits at once.
 */
function handleInterrupts(
  screen: Screen,
  onSigterm: OnSigterm,
): { attach(master: MasterHandle): void; done(): void } {
  let master: MasterHandle | undefined;
  const exit = (): never => process.exit(EXIT_CODES.interrupted.exitCode);
  const done = onInterrupt({
    first: (signal) => {
      if (!master) exit();
      if (signal === 'SIGTERM' && onSigterm === 'hand-over') {
        screen.print('SIGTERM: exiting, and leaving the run to the next master.');
        return master?.handOver();
      }
      screen.print('Stopping: running tasks may finish. Press Ctrl-C again to stop at once.');
      master?.stop('interrupted');
    },
    second: () => {
      screen.print('Stopping at once.');
      setTimeout(exit, ABORT_WITHIN_MS).unref();
      master?.abort();
    },
  });
  return { attach: (to) => (master = to), done };
}

/** @throws DrumlineError `usage` if the two durations contradict each other */
export function requireHeartbeat(heartbeatMs: number, missingAfterMs: number): void {
  if (heartbeatMs > 0 && missingAfterMs >= 2 * heartbeatMs) return;
  throw new DrumlineError(
    'usage',
    '--missing-after: must be at least twice --heartbeat, which must be above 0',
    'Otherwise a worker whose heartbeat is slightly late would count as missing.',
  );
}
