// The process of an embedded run. It ends with the program that started it.
import { DrumlineError, stackOf } from '@drumline/model';
import { runEmbedded } from './run-embedded.js';
import type { FromRun, ToRun } from '../messages.js';
import type { Failure } from '../run-error.js';
import type { Orders } from './orders.js';
import { submitEmbedded } from './submit-embedded.js';

/** Once the program has ended, the result can only be stored. That takes less than this. */
const ORPHAN_END_MS = 2_000;

function send(message: FromRun): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });
}

function failureOf(error: unknown): Failure {
  if (error instanceof DrumlineError) {
    const { exit, message, hint } = error;
    return { code: exit, message, hint };
  }
  return {
    code: 'internal',
    message: `please report this with what you did\n${stackOf(error)}`,
  };
}

const orders: Orders = { stop: () => {}, abort: () => {}, leave: () => {} };
let order: ToRun | undefined;

process.on('message', (message: ToRun) => {
  if (message.type !== 'start') orders[message.type]();
  else {
    order = message;
    const { service } = message.order;
    const done = service
      ? submitEmbedded(message.order, service, send, orders)
      : runEmbedded(message.order, send, orders);
    void done
      .then(
        () => send({ type: 'done' }),
        (error: unknown) => send({ type: 'failed', failure: failureOf(error) }),
      )
      .finally(() => process.exit());
  }
});
process.on('disconnect', () => {
  if (!order) process.exit();
  orders.leave();
  setTimeout(() => process.exit(), ORPHAN_END_MS).unref();
});
process.on('uncaughtException', (error) => {
  void send({ type: 'failed', failure: failureOf(error) }).finally(() => process.exit());
});
// The program may have ended before.
if (!process.connected) process.exit();
