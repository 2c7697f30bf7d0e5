import type { LogLine } from '@drumline/client';
import { defineCommand } from '../command.js';
import { callMaster, clientOptions } from '../options/client.js';

const WIDTH = Math.max(...['printed', 'threshold', 'annotation'].map(({ length }) => length));

export const logs = defineCommand({
  usage: 'logs [run]',
  about: 'Show what a run printed and noted',
  positionals: {
    run: {
      type: 'string',
      default: 'current',
      describe: 'The run: its id, a unique beginning of 4 or more characters, or current',
    },
  },
  options: {
    ...clientOptions,
    follow: { alias: 'f', type: 'boolean', default: false, describe: 'Continue until the run has ended' },
    json: { type: 'boolean', default: false, describe: 'Print each line as a line of JSON' },
  },
  examples: [
    ['', 'Show the lines of the run in progress'],
    ['3f2a9c01 --follow', 'Follow one run'],
  ],
  run: async ({ run, follow, json, ...args }) => {
    const print = (line: LogLine): void =>
      console.log(json ? JSON.stringify(line) : `${line.at} ${line.kind.padEnd(WIDTH)} ${line.text}`);
    await callMaster(args, async (master) => {
      // `current` may become another run while this one is followed.
      const { runId } = await master.run(run).view();
      const called = master.run(runId);
      if (!follow) return (await called.logs()).forEach(print);
      const ended = new AbortController();
      const end = async (): Promise<void> => {
        for await (const event of called.events()) if (event.type === 'end') break;
        ended.abort();
      };
      end().catch(() => ended.abort());
      try {
        for await (const line of called.followLogs({ signal: ended.signal })) print(line);
      } catch (error) {
        if (!ended.signal.aborted) throw error;
      }
    });
  },
});
