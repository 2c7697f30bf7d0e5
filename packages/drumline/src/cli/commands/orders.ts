import { setTimeout as sleep } from 'node:timers/promises';
import type { RunClient } from '@drumline/client';
import { DrumlineError, findRateProblem, findUsersProblem, messageOf, parseRate } from '@drumline/model';
import type { OrderReply } from '@drumline/wire';
import { defineCommand, type Command } from '../command.js';
import { callMaster, callRun, runClientOptions } from '../options/client.js';
import { duration, positiveNumber } from '../options/values.js';

/** Defines the command of an order without arguments. */
function order(name: 'start' | 'pause' | 'resume' | 'reset', about: string): Command {
  return defineCommand({
    usage: name,
    about,
    options: runClientOptions,
    examples: [
      ['', 'For the master on this machine'],
      ['--api 10.0.0.5:8089', 'For another master'],
      ['--run 3f2a9c01', 'For one of several runs'],
    ],
    run: async ({ json, ...args }) => printReply(await callRun(args, (run) => run[name]()), json),
  });
}

export const start = order('start', 'Start a run whose master waits for this command (--no-autostart)');
export const pause = order('pause', 'Pause the run: every user finishes its task, then waits');
export const resume = order('resume', 'Resume a paused run');
export const reset = order('reset', 'Reset the statistics, for example after a warm-up');

export const stop = defineCommand({
  usage: 'stop',
  about: 'Stop the run gracefully: running tasks finish and everything is counted',
  options: {
    ...runClientOptions,
    wait: { type: 'boolean', default: true, describe: 'Wait until the run has ended' },
  },
  examples: [
    ['', 'Stop the run and wait until it has ended'],
    ['--no-wait', 'Stop the run without waiting for its end'],
  ],
  run: async ({ json, wait, run, ...args }) => {
    await callMaster(args, async (master) => {
      // `current` may become another run once this one has ended.
      const { runId } = await master.run(run).view();
      const called = master.run(runId);
      const ended = wait ? waitForEnd(called) : Promise.resolve();
      printReply(await called.stop(), json);
      await ended;
    });
    if (wait && !json) console.log('The run has ended.');
  },
});

const user = {
  type: 'string',
  describe: 'The user type whose load changes; needed if several have a load of their own',
} as const;

export const users = defineCommand({
  usage: 'users <count>',
  about: 'Change the number of users of the running test',
  positionals: { count: { type: 'number', demandOption: true, describe: 'The new number of users' } },
  options: {
    ...runClientOptions,
    'spawn-rate': positiveNumber('spawn-rate', {
      alias: 'r',
      describe: 'Users started or stopped per second; without it, all at once',
    }),
    user,
  },
  examples: [
    ['200', 'Change to 200 users at once'],
    ['200 -r 10', 'Change by ten users per second'],
    ['50 --user shopper', 'Change the users of one type, which has a load of its own'],
  ],
  run: async ({ json, count, spawnRate, user, ...args }) => {
    if (Number.isNaN(count))
      throw new DrumlineError(
        'usage',
        'The number of users is not a number.',
        'For example: drumline users 200.',
      );
    const problem =
      findUsersProblem(count) ?? (spawnRate === undefined ? undefined : findRateProblem(spawnRate));
    if (problem) throw new DrumlineError('usage', `${problem.message}.`, problem.hint);
    printReply(await callRun(args, (run) => run.setUsers(count, { spawnRate, user })), json);
  },
});

export const rate = defineCommand({
  usage: 'rate <rate>',
  about: 'Change the rate of arrivals or iterations of the running test',
  positionals: {
    rate: { type: 'string', demandOption: true, describe: 'The new rate, such as 300/s, 1200/m or 3/20s' },
  },
  options: {
    ...runClientOptions,
    over: duration('over', { describe: 'How long the change takes; without it, the rate jumps' }),
    user,
  },
  examples: [
    ['300/s', 'Change to 300 starts per second'],
    ['300/s --over 30s', 'Change evenly within half a minute'],
    ['50/m --user admin', 'Change the rate of one user type, which has a load of its own'],
  ],
  run: async ({ json, rate, over, user, ...args }) => {
    const perSecond = readRate(rate);
    printReply(await callRun(args, (run) => run.setRate(perSecond, { overMs: over, user })), json);
  },
});

/** @throws DrumlineError `usage` if it is not a rate */
function readRate(text: string): number {
  try {
    return parseRate(text);
  } catch (error) {
    throw new DrumlineError('usage', `${messageOf(error)}.`, 'For example: drumline rate 300/s.');
  }
}

function printReply(reply: OrderReply, json: boolean): void {
  console.log(json ? JSON.stringify(reply) : reply.message);
}

/** Resolves when the run has ended, or when the master exits, as it does after its run. */
async function waitForEnd(run: RunClient): Promise<void> {
  await sleep(0);
  try {
    for await (const event of run.events({ reconnect: false })) if (event.type === 'end') return;
  } catch {
    // The order reports that the master cannot be reached.
  }
}
