import { hostname } from 'node:os';
import { ApiError, type RunClient } from '@drumline/client';
import { DrumlineError, EXIT_CODES } from '@drumline/model';
import type { RunEventView, RunResult } from '@drumline/wire';
import { defineCommand } from '../command.js';
import { callMaster, runClientOptions } from '../options/client.js';
import { onInterrupt } from '../run/interrupts.js';
import { openScreen, viewOptions, type Screen } from '../run/screen.js';
import { snapshotOf, timelineFrom } from '../run/snapshot.js';
import type { RunOrders } from '../run/key-commands.js';
import { describeThresholdEvent } from '../../view/thresholds.js';

export const watch = defineCommand({
  usage: 'watch',
  about: 'Follow a run until it ends, and exit with its exit code',
  options: {
    ...runClientOptions,
    json: { type: 'boolean', default: false, describe: 'Print each event as a line of JSON' },
  },
  examples: [
    ['', 'Show the live view'],
    ['--json', 'Print a line of JSON for each event'],
  ],
  run: ({ json, run, ...args }) =>
    callMaster(args, async (master) => {
      // `current` may become another run while this one is watched.
      const { runId } = await master.run(run).view();
      return await follow(master.run(runId), json);
    }),
});

/**
 * Shows or prints the events of a run until it has ended.
 * @returns the exit code of the run
 */
async function follow(run: RunClient, json: boolean): Promise<number> {
  const screen = openScreen({ out: process.stdout, quiet: json });
  const leave = (): never => {
    screen.end();
    screen.print('The run continues; `drumline stop` ends it.');
    process.exit(EXIT_CODES.interrupted.exitCode);
  };
  const done = onInterrupt({ first: leave, second: leave });
  // A reader such as `head` has closed the pipe. Without this, watch would run until the end.
  process.stdout.once('error', () => process.exit(EXIT_CODES.interrupted.exitCode));
  let report: string | undefined;
  screen.acceptKeys(ordersOf(run));
  try {
    for await (const event of run.events({ reconnect: false })) {
      if (json) console.log(JSON.stringify(event));
      else if (event.type === 'interval') {
        report = event.status.report ?? report;
        await show(run, screen);
      } else if (event.type === 'state')
        screen.print(`state: ${event.state}${event.reason ? ` (${event.reason})` : ''}`);
      else if (event.type === 'note') screen.print(`note: ${event.message}`);
      else if (event.type === 'threshold') screen.print(describeThresholdEvent(event));
      if (event.type === 'end') {
        if (!json) await printEnd(run, screen, event, report);
        return event.exitCode;
      }
    }
  } finally {
    done();
    screen.end();
  }
  throw new DrumlineError(
    'master-unreachable',
    `the connection to the master at ${run.url} was lost before the run ended`,
  );
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

/** Prints the summary, as the master does, and the path of the HTML report. */
async function printEnd(
  run: RunClient,
  screen: Screen,
  event: Extract<RunEventView, { type: 'end' }>,
  report: string | undefined,
): Promise<void> {
  const result = await resultOf(run);
  screen.end();
  if (result === undefined) {
    screen.print(`The run has ended: ${event.verdict}, exit code ${event.exitCode}.`);
    return;
  }
  const { renderSummary } = await import('../../view/summary.js');
  screen.print(`\n${renderSummary(result, viewOptions(process.stdout))}`);
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
      run.timeline(timelineFrom(status)),
    ]);
    screen.show(() => snapshotOf(status, stats, workers, timeline));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
