import { setTimeout as sleep } from 'node:timers/promises';
import { DrumlineError, findRateProblem, findUsersProblem } from '@drumline/model';
import type { OrderReply } from '@drumline/wire';
import type { ApiClient } from '../api-client.js';
import { defineCommand, type Command } from '../command.js';
import { clientOptions, openClient } from '../options/client.js';
import { positiveNumber } from '../options/values.js';

/** `start`, `pause`, `resume`, `reset`: an order without arguments. */
function order(name: 'start' | 'pause' | 'resume' | 'reset', about: string): Command {
  return defineCommand({
    usage: name,
    about,
    options: clientOptions,
    examples: [
      ['', 'Tell the master on this machine'],
      ['--api 10.0.0.5:8089', 'Tell another one'],
    ],
    run: async ({ json, ...args }) => printReply(await openClient(args).order(name), json),
  });
}

export const start = order('start', 'Start a run whose master waits for it (--no-autostart)');
export const pause = order('pause', 'Let every user finish its task and wait');
export const resume = order('resume', 'Go on after a pause');
export const reset = order('reset', 'Forget the numbers up to now, for example after warming up');

export const stop = defineCommand({
  usage: 'stop',
  about: 'Stop the run gracefully: running tasks finish and every number is collected',
  options: {
    ...clientOptions,
    wait: { type: 'boolean', default: true, describe: 'Wait until the run has ended' },
  },
  examples: [
    ['', 'Stop, and come back when the run has ended'],
    ['--no-wait', 'Come back at once'],
  ],
  run: async ({ json, wait, ...args }) => {
    const client = openClient(args);
    const ended = wait ? waitForEnd(client) : Promise.resolve();
    printReply(await client.order('stop'), json);
    await ended;
    if (wait && !json) console.log('The run has ended.');
  },
});

export const users = defineCommand({
  usage: 'users <count>',
  about: 'Change the number of users of the running test',
  positionals: { count: { type: 'number', demandOption: true, describe: 'How many users there shall be' } },
  options: {
    ...clientOptions,
    'spawn-rate': positiveNumber('spawn-rate', {
      alias: 'r',
      describe: 'Users per second; without it all at once',
    }),
  },
  examples: [
    ['200', 'At once'],
    ['200 -r 10', 'Ten more, or fewer, every second'],
  ],
  run: async ({ json, count, spawnRate, ...args }) => {
    if (Number.isNaN(count))
      throw new DrumlineError(
        'usage',
        'The number of users is not a number.',
        'For example: drumline users 200.',
      );
    const problem =
      findUsersProblem(count) ?? (spawnRate === undefined ? undefined : findRateProblem(spawnRate));
    if (problem) throw new DrumlineError('usage', `${problem.message}.`, problem.hint);
    printReply(await openClient(args).setUsers({ users: count, ...(spawnRate && { spawnRate }) }), json);
  },
});

function printReply(reply: OrderReply, json: boolean): void {
  console.log(json ? JSON.stringify(reply) : reply.message);
}

/** Until the run has ended or its master is gone, which is what a master does after its run. */
async function waitForEnd(client: ApiClient): Promise<void> {
  await sleep(0);
  try {
    for await (const event of client.events()) if (event.type === 'end') return;
  } catch {
    // The order itself says that there is no master.
  }
}
