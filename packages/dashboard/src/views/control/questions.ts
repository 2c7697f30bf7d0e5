import type { RunClient, StatusView } from '@drumline/client';
import { formatCount } from '../../format.js';
import type { ConfirmProps } from '../../parts/confirm.js';

/** Orders that have nothing to enter. */
export type Order = 'start' | 'stop' | 'pause' | 'resume' | 'cancel' | 'leave-queue' | 'reset';

/** What is asked before an order: what will happen. */
export function questionOf(
  order: Order,
  client: RunClient,
  { users, workers }: StatusView,
): Omit<ConfirmProps, 'onClose'> {
  const isOne = users === 1;
  const all = `All ${formatCount(users)} users`;
  switch (order) {
    case 'start':
      return {
        title: 'Start the run?',
        text:
          workers.connected === 1
            ? 'The worker begins the load.'
            : `${workers.connected} workers begin the load at the same moment.`,
        verb: 'Start',
        act: () => told(client.start()),
      };
    case 'pause':
      return {
        title: 'Pause the run?',
        text: isOne
          ? 'The user finishes its task, and then waits. The time of the run goes on.'
          : `${all} finish their task, and then wait. The time of the run goes on.`,
        verb: 'Pause',
        act: () => told(client.pause()),
      };
    case 'resume':
      return {
        title: 'Resume the run?',
        text: 'The users that wait begin their next task at once.',
        verb: 'Resume',
        act: () => told(client.resume()),
      };
    case 'stop':
      return {
        title: 'Stop the run?',
        text: `${isOne ? 'The user finishes what it is doing' : `${all} finish what they are doing`}, everything is counted, and the run ends with its verdict.`,
        verb: 'Stop the run',
        act: () => told(client.stop()),
      };
    case 'cancel':
      return {
        title: 'End the run at once?',
        text: 'Requests that workers have not reported by now are not counted.',
        verb: 'End at once',
        act: () => told(client.cancel()),
      };
    case 'leave-queue':
      return {
        title: 'Cancel the run?',
        text: 'The run leaves the queue, and never starts.',
        verb: 'Cancel the run',
        act: () => told(client.cancel()),
      };
    case 'reset':
      return {
        title: 'Reset the statistics?',
        text: 'Everything counted so far is discarded, for all readers and the report. The load goes on.',
        verb: 'Reset',
        act: () => told(client.reset()),
      };
  }
}

async function told(order: Promise<{ readonly message: string }>): Promise<string> {
  return (await order).message;
}
