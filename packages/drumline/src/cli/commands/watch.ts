import { DrumlineError, EXIT_CODES } from '@drumline/model';
import type { ApiClient } from '../api-client.js';
import { defineCommand } from '../command.js';
import { clientOptions, openClient } from '../options/client.js';
import { onInterrupt } from '../run/interrupts.js';
import { openScreen, type Screen } from '../run/screen.js';
import { snapshotOf, timelineFrom } from '../run/snapshot.js';

export const watch = defineCommand({
  usage: 'watch',
  about: 'Follow a run to its end, and exit as it does',
  options: {
    ...clientOptions,
    json: { type: 'boolean', default: false, describe: 'Print every event as a line of JSON' },
  },
  examples: [
    ['', 'The live view'],
    ['--json', 'A line of JSON for each event'],
  ],
  run: async ({ json, ...args }) => {
    const client = openClient(args);
    const screen = openScreen({ out: process.stdout, quiet: json });
    const leave = (): never => {
      screen.end();
      screen.say('The run goes on; `drumline stop` ends it.');
      process.exit(EXIT_CODES.interrupted.exitCode);
    };
    const done = onInterrupt({ first: leave, second: leave });
    try {
      for await (const event of client.events()) {
        if (json) console.log(JSON.stringify(event));
        else if (event.type === 'interval') await show(client, screen);
        else if (event.type === 'state')
          screen.say(`state: ${event.state}${event.reason ? ` (${event.reason})` : ''}`);
        else if (event.type === 'note') screen.say(`note: ${event.message}`);
        if (event.type === 'end') {
          screen.end();
          screen.say(`The run has ended: ${event.verdict}, exit code ${event.exitCode}.`);
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

/** A master that is about to end may not answer any more; the stream of events says so soon enough. */
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
