// RabbitMQ with amqplib: producers publish orders with confirmation, workers consume them.
//
//   npx drumline run examples/rabbitmq/scenario.ts --param broker=amqp://127.0.0.1:5672
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { counter, exponential, param, scenario, startWith, user } from 'drumline';

const broker = param('broker', { default: 'amqp://127.0.0.1:5672', help: 'URL of the broker' });
const QUEUE = 'orders';
const consumed = counter('orders consumed');

interface Connected {
  connection?: ChannelModel;
  channel?: ConfirmChannel;
}

/** Opens a connection and a channel in which the broker confirms each message. */
async function open(state: Connected): Promise<ConfirmChannel> {
  state.connection = await connect(broker);
  // Publishing fails, too, when the connection is lost.
  state.connection.on('error', () => {});
  state.channel = await state.connection.createConfirmChannel();
  return state.channel;
}

const producer = user('producer', (): Connected => ({}), {
  weight: 4,
  wait: exponential('50ms', { max: '1s' }),
  onStart: async ({ measure, state }) => {
    await measure({ protocol: 'amqp', method: 'CONNECT', name: 'broker' }, () => open(state));
  },
  onStop: ({ state }) => state.connection?.close(),
  tasks: {
    order: async ({ measure, state, user: { index } }) => {
      const content = Buffer.from(JSON.stringify({ sentAt: Date.now(), customer: index }));
      await measure({ protocol: 'amqp', method: 'PUBLISH', name: QUEUE }, async () => {
        const isConfirmed = new Promise<void>((resolve, reject) =>
          state.channel!.sendToQueue(QUEUE, content, {}, (error: unknown) =>
            error ? reject(error as Error) : resolve(),
          ),
        );
        await isConfirmed;
      });
    },
  },
});

const worker = user('worker', (): Connected => ({}), {
  onStart: async ({ record, state }) => {
    const channel = await open(state);
    await channel.prefetch(20);
    await channel.consume(QUEUE, (message) => {
      if (message === null) return;
      const { sentAt } = JSON.parse(message.content.toString()) as { sentAt: number };
      record({
        protocol: 'amqp',
        method: 'DELIVER',
        name: QUEUE,
        durationMs: Math.max(0, Date.now() - sentAt),
      });
      consumed.add();
      channel.ack(message);
    });
  },
  onStop: ({ state }) => state.connection?.close(),
  tasks: { work: ({ sleep }) => sleep('100ms') },
});

export default scenario({
  users: [producer, worker],
  load: startWith(10).hold('10s'),
  setup: async () => {
    const state: Connected = {};
    const channel = await open(state);
    await channel.assertQueue(QUEUE, { durable: false });
    await state.connection?.close();
  },
});
