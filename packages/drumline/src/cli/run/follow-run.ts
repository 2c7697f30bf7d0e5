import { hostname } from 'node:os';
import { ApiError, type RunClient } from '@drumline/client';
import { DrumlineError, EXIT_CODES, exitNameOf, type Millis } from '@drumline/model';
import type { RunEventView, RunResult } from '@drumline/wire';
import { describeThresholdEvent } from '../../view/thresholds.js';
import { failureLine } from './failure-line.js';
import { onInterrupt, type InterruptHandlers } from './interrupts.js';
import type { RunOrders } from './key-commands.js';
import { openScreen, viewOptions, type Screen } from './screen.js';
import { snapshotOf, timelineFrom } from './snapshot.js';

const PLACE_EVERY_MS = 2_000;

interface FollowOptions {
  /** Print each event as a line of JSON. */
  readonly json: boolean;
  readonly out: NodeJS.WriteStream;
  readonly quiet: boolean;
  /** Whether a lost connection is opened again. */
  readonly reconnect: boolean;
  /** For how long; by default a minute. */
  readonly retryForMs?: Millis;
  /** Ends it. Its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Called with the screen, to print more lines on it. */
  readonly onScreen?: (screen: Screen) => void;
  /** By default, Ctrl-C ends the command, and the run continues. */
  readonly interrupts?: (screen: Screen) => InterruptHandlers;
}

/** How a run that was followed has ended. */
interface FollowedRun {
  readonly exitCode: number;
  /** Absent if it has none, or if the master has exited. */
  readonly result?: RunResult | undefined;
}

/**
 * Shows or prints the events of a run until it has ended.
 * @throws DrumlineError with the reason if the run has no result
 */
export async function followRun(run: RunClient, options: FollowOptions): Promise<FollowedRun> {
  const { out, quiet } = options;
  const screen = openScreen({ out, quiet });
  options.onScreen?.(screen);
  const leave = (): never => {
    screen.end();
    screen.warn(`The run continues; \`drumline stop --run ${run.id.slice(0, 8)}\` ends it.`);
    process.exit(EXIT_CODES.interrupted.exitCode);
  };
  const done = onInterrupt(options.interrupts?.(screen) ?? { first: leave, second: leave });
  // A reader such as `head` has closed the pipe. Without this, watch would run until the end.
  out.once('error', () => process.exit(EXIT_CODES.interrupted.exitCode));
  screen.acceptKeys(ordersOf(run));
  try {
    return await showEvents(run, screen, options);
  } catch (error) {
    if (error instanceof ApiError) await requireNoFailure(run, error);
    throw error;
  } finally {
    done();
    screen.end();
  }
}

async function showEvents(
  run: RunClient,
  screen: Screen,
  { json, out, quiet, reconnect, retryForMs, signal }: FollowOptions,
): Promise<FollowedRun> {
  let report: string | undefined;
  let state: string | undefined;
  const place = new QueuePlace(run, (line) => screen.print(line));
  try {
    for await (const event of run.events({ reconnect, retryForMs, signal })) {
      if (event.type === 'state') place.follow(event.state === 'queued');
      // Each connection begins with the state.
      const isKnown = event.type === 'state' && event.state === state;
      if (event.type === 'state') state = event.state;
      if (json) console.log(JSON.stringify(event));
      else if (event.type === 'interval') {
        report = event.status.report ?? report;
        await show(run, screen);
      } else if (!isKnown) printEvent(event, screen);
      if (event.type !== 'end') continue;
      const result = await resultOf(run);
      if (!result) await requireNoFailure(run);
      if (!json) await printEnd({ run, screen, event, result, report, out, quiet });
      return { exitCode: event.exitCode, result };
    }
  } finally {
    place.follow(false);
  }
  await requireNoFailure(run);
  throw new DrumlineError(
    'master-unreachable',
    `the connection to the master at ${run.url} was lost before the run ended`,
  );
}

function printEvent(event: RunEventView, screen: Screen): void {
  if (event.type === 'state')
    screen.print(`state: ${event.state}${event.reason ? ` (${event.reason})` : ''}`);
  else if (event.type === 'note') screen.print(`note: ${event.message}`);
  else if (event.type === 'threshold') screen.print(describeThresholdEvent(event));
}

/** @throws DrumlineError with the reason and the exit code if the run has ended without a result */
export async function requireNoFailure(run: RunClient, cause?: ApiError): Promise<void> {
  const view = await run.view().catch(() => undefined);
  if (view?.exitCode === undefined || view.verdict !== undefined) return;
  const { exitCode } = view;
  const exit = exitNameOf(exitCode);
  const why = cause ?? (await run.result().then(undefined, (error: unknown) => error as Error));
  throw new DrumlineError(exit, why instanceof Error ? why.message : `The run is ${view.state}.`);
}

/** Prints the place of a run in the queue whenever it changes. */
class QueuePlace {
  private timer: NodeJS.Timeout | undefined;
  private last = '';

  constructor(
    private readonly run: RunClient,
    private readonly print: (line: string) => void,
  ) {}

  follow(isQueued: boolean): void {
    clearInterval(this.timer);
    if (!isQueued) return;
    this.timer = setInterval(() => void this.ask(), PLACE_EVERY_MS);
    void this.ask();
  }

  private async ask(): Promise<void> {
    const view = await this.run.view().catch(() => undefined);
    if (view?.state !== 'queued') return;
    const line = `queued at position ${view.position ?? 1}: ${view.waitingFor ?? 'it waits for workers'}`;
    if (line !== this.last) this.print(line);
    this.last = line;
  }
}

function ordersOf(run: RunClient): RunOrders {
  const message = async (reply: Promise<{ message: string }>): Promise<string> => (await reply).message;
  return {
    stop: () => message(run.stop()),
    pause: () => message(run.pause()),
    resume: () => message(run.resume()),
    setUsers: (users) => message(run.setUsers(users)),
  };
}

interface End extends Pick<FollowOptions, 'out' | 'quiet'> {
  readonly run: RunClient;
  readonly screen: Screen;
  readonly event: Extract<RunEventView, { type: 'end' }>;
  readonly result: RunResult | undefined;
  readonly report: string | undefined;
}

/** Prints the summary or the failure, as the master does, and the path of the HTML report. */
async function printEnd({ run, screen, event, result, report, out, quiet }: End): Promise<void> {
  screen.end();
  const { verdict, exitCode } = event;
  if (quiet && verdict === 'passed') return;
  if (result === undefined) {
    screen.warn(`The run has ended: ${verdict}, exit code ${exitCode}.`);
    return;
  }
  if (quiet) {
    screen.warn(failureLine(result));
    return;
  }
  const { renderSummary } = await import('../../view/summary.js');
  screen.print(`\n${renderSummary(result, viewOptions(out))}`);
  if (report !== undefined) screen.print(`report  ${report}${placeOf(run)}`);
}

/** Undefined if the master has exited. It waits a short time for clients that follow the run. */
async function resultOf(run: RunClient): Promise<RunResult | undefined> {
  try {
    return await run.result();
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

function placeOf({ url }: RunClient): string {
  const host = new URL(url).hostname;
  return ['127.0.0.1', 'localhost', '[::1]', hostname()].includes(host) ? '' : ` (on ${host})`;
}

/**
 * Shows a snapshot. Ignores a failed request: a master that is about to exit may not respond, and
 * the event stream reports the end.
 */
async function show(run: RunClient, screen: Screen): Promise<void> {
  try {
    const status = await run.status();
    const [stats, workers, timeline] = await Promise.all([
      run.stats(),
      run.workers(),
      run.timeline({ from: timelineFrom(status) }),
    ]);
    screen.show(() => snapshotOf(status, stats, workers, timeline));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
