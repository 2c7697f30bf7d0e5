// MQTT with mqtt.js: sensors publish, a monitor receives. The time of a message is measured from
// publisher to subscriber.
//
//   npx drumline run examples/mqtt/scenario.ts --param broker=mqtt://127.0.0.1:1883
import { connectAsync, type MqttClient } from 'mqtt';
import { constant, counter, param, scenario, startWith, user } from 'drumline';

const broker = param('broker', { default: 'mqtt://127.0.0.1:1883', help: 'URL of the broker' });
const received = counter('messages received');

/** `reconnectPeriod: 0` shows a lost connection as failures, instead of hiding it. */
async function connect(): Promise<MqttClient> {
  const client = await connectAsync(broker, { reconnectPeriod: 0, connectTimeout: 5_000 });
  client.on('error', () => {});
  return client;
}

const sensor = user('sensor', () => ({ client: undefined as MqttClient | undefined }), {
  weight: 10,
  wait: constant('100ms'),
  onStart: async ({ measure, state }) => {
    state.client = await measure({ protocol: 'mqtt', method: 'CONNECT', name: 'broker' }, connect);
  },
  onStop: ({ state }) => state.client?.endAsync(),
  tasks: {
    // QoS 1: the time ends when the broker has confirmed the message.
    report: async ({ measure, state, user: { index } }) => {
      const message = JSON.stringify({ sentAt: Date.now(), celsius: 20 + Math.random() });
      await measure({ protocol: 'mqtt', method: 'PUBLISH', name: 'sensors/{id}/temperature' }, () =>
        state.client!.publishAsync(`sensors/${index}/temperature`, message, { qos: 1 }),
      );
    },
  },
});

const monitor = user('monitor', () => ({ client: undefined as MqttClient | undefined }), {
  fixedCount: 1,
  onStart: async ({ measure, record, state }) => {
    const client = (state.client = await connect());
    // Messages arrive without a request, so the code records their times itself.
    client.on('message', (_topic, payload) => {
      const { sentAt } = JSON.parse(payload.toString()) as { sentAt: number };
      const durationMs = Math.max(0, Date.now() - sentAt);
      record({ protocol: 'mqtt', method: 'DELIVER', name: 'sensors/+/temperature', durationMs });
      received.add();
    });
    await measure({ protocol: 'mqtt', method: 'SUBSCRIBE', name: 'sensors/+/temperature' }, () =>
      client.subscribeAsync('sensors/+/temperature', { qos: 1 }),
    );
  },
  onStop: ({ state }) => state.client?.endAsync(),
  tasks: { listen: ({ sleep }) => sleep('100ms') },
});

export default scenario({ users: [monitor, sensor], load: startWith(21).hold('10s') });
