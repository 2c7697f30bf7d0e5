/** An output that publishes the records of a run to RabbitMQ. */
import { OptionReader, TapOutput, type OutputFactory } from '@drumline/outputs';
import { AmqpSink } from './amqp-sink.js';

const EXAMPLE = 'tap-amqp=amqp://HOST';
const MAX_HEARTBEAT_SECONDS = 3_600;

const tapAmqp: OutputFactory = {
  name: 'tap-amqp',
  help: {
    text: 'Publish records of the run to an exchange of RabbitMQ, which confirms each of them',
    example: EXAMPLE,
    options: [
      { name: 'exchange', text: 'Name of the exchange', standard: 'drumline' },
      { name: 'heartbeat', text: 'Seconds between heartbeats', standard: '10' },
    ],
  },
  create: (spec) => {
    const options = new OptionReader(spec);
    const url = options.requireUrl(EXAMPLE);
    if (url !== '' && !isAmqpUrl(url)) options.problem('the URL must be amqp://HOST or amqps://HOST');
    const exchange = options.text('exchange', 'drumline');
    const heartbeat = options.wholeNumber('heartbeat', { min: 1, max: MAX_HEARTBEAT_SECONDS }, 10);
    options.done();
    return new TapOutput(new AmqpSink({ url, exchange, heartbeatSeconds: heartbeat }));
  },
};

export default tapAmqp;

function isAmqpUrl(url: string): boolean {
  return URL.canParse(url) && /^amqps?:$/.test(new URL(url).protocol);
}
