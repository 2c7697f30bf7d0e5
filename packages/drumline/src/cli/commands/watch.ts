import { hostname } from 'node:os';
import { DrumlineError, EXIT_CODES } from '@drumline/model';
import type { RunEventView, RunResult } from '@drumline/wire';
import type { ApiClient } from '../api-client.js';
import { defineCommand } from '../command.js';
import { clientOptions, openClient } from '../options/client.js';
import { onInterrupt } from '../run/interrupts.js';
import { openScreen, viewOptions, type Screen } from '../run/screen.js';
import { snapshotOf, timelineFrom } from '../run/snapshot.js';
import type { RunOrders } from '../run/steering.js';

export const watch = defineCommand({
  usage: 'watch',
  about: 'Follow a run until it ends, and exit with its exit code',
  options: {
    ...clientOptions,
    json: { type: 'boolean', default: false, describe: 'Print each event as a line of JSON' },
  },
  examples: [
    ['', 'Show the live view'],
    ['--json', 'Print a line of JSON for each event'],
  ],
  run: async ({ json, ...args }) => {
    const client = openClient(args);
    const screen = openScreen({ out: process.stdout, quiet: json });
    const leave = (): never => {
      screen.end();
      screen.say('The run continues; `drumline stop` ends it.');
      process.exit(EXIT_CODES.interrupted.exitCode);
    };
    const done = onInterrupt({ first: leave, second: leave });
    // A reader such as `head` has what it wanted; without this, watch would hold the pipe until the
    // run ends.
    process.stdout.once('error', () => process.exit(EXIT_CODES.interrupted.exitCode));
    let report: string | undefined;
    screen.steer(ordersOf(client));
    try {
      for await (const event of client.events()) {
        if (json) console.log(JSON.stringify(event));
        else if (event.type === 'interval') {
          report = event.status.report ?? report;
          await show(client, screen);
        } else if (event.type === 'state')
          screen.say(`state: ${event.state}${event.reason ? ` (${event.reason})` : ''}`);
        else if (event.type === 'note') screen.say(`note: ${event.message}`);
        if (event.type === 'end') {
          if (!json) await sayEnd(client, screen, event, report);
          return event.exitCode;
        }
      }
    } finally {
      done();
      screen.end();
    }
    throw new DrumlineError('master-unreachable', `the master at ${args.api} went away before the run ended`);
  },
});

function ordersOf(client: ApiClient): RunOrders {
  const message = async (reply: Promise<{ message: string }>): Promise<string> => (await reply).message;
  return {
    stop: () => message(client.order('stop')),
    pause: () => message(client.order('pause')),
    resume: () => message(client.order('resume')),
    setUsers: (users) => message(client.setUsers({ users })),
  };
}

/** The summary, as the master prints it, and where its report is. */
async function sayEnd(
  client: ApiClient,
  screen: Screen,
  event: Extract<RunEventView, { type: 'end' }>,
  report: string | undefined,
): Promise<void> {
  const result = await resultOf(client);
  screen.end();
  if (result === undefined) {
    screen.say(`The run has ended: ${event.verdict}, exit code ${event.exitCode}.`);
    return;
  }
  const { renderSummary } = await import('../../view/summary.js');
  screen.say(`\n${renderSummary(result, viewOptions(process.stdout))}`);
  if (report !== undefined) screen.say(`report  ${report}${placeOf(client)}`);
}

/** A master ends soon after its run; it waits a little for clients that follow it. */
async function resultOf(client: ApiClient): Promise<RunResult | undefined> {
  try {
    return await client.result();
  } catch (error) {
    if (error instanceof DrumlineError) return undefined;
    throw error;
  }
}

function placeOf({ url }: ApiClient): string {
  const host = new URL(url).hostname;
  return ['127.0.0.1', 'localhost', '[::1]', hostname()].includes(host) ? '' : ` (on ${host})`;
}

/**
 * Ignores a failed request: a master that is about to end may not answer, and the event stream
 * reports the end.
 */
async function show(client: ApiClient, screen: Screen): Promise<void> {
  try {
    const status = await client.status();
    const [stats, workers, timeline] = await Promise.all([
      client.stats(),
      client.workers(),
      client.timeline(timelineFrom(status)),
    ]);
    screen.show(() => snapshotOf(status, stats, workers, timeline));
  } catch (error) {
    if (!(error instanceof DrumlineError)) throw error;
  }
}
