import { OptionReader } from '../option-reader.js';
import type { OutputFactory, OutputSpec } from '../output.js';
import { StatsdOutput, type StatsdOptions } from './output.js';

const EXAMPLE = 'statsd=localhost:8125';
/** What fits into a packet of Ethernet, less headers and a tunnel's. */
const PACKET_BYTES = 1_432;

/** A StatsD daemon, or an agent of Datadog, by UDP. */
export const statsd: OutputFactory = {
  name: 'statsd',
  help: {
    text: 'Send counters, gauges and timers to StatsD by UDP',
    example: EXAMPLE,
    options: [
      {
        name: 'tags',
        text: 'datadog: tags as DogStatsD writes them; none: as parts of the names',
        standard: 'none',
      },
      { name: 'timers', text: 'Response times of each series and second to send as timers', standard: '0' },
      { name: 'prefix', text: 'Begins each name', standard: 'drumline.' },
      { name: 'packet', text: 'The most bytes of a packet', standard: String(PACKET_BYTES) },
    ],
  },
  create: (spec) => new StatsdOutput(readOptions(spec)),
};

function readOptions(spec: OutputSpec): StatsdOptions {
  const reader = new OptionReader(spec);
  const text = reader.requireUrl(EXAMPLE);
  const [, host = '', portText = '8125'] =
    /^(?:udp:\/\/)?(\[[^\]]+\]|[^:/[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = Number(portText);
  if (text !== '' && (host === '' || port < 1 || port > 65_535))
    reader.problem(`needs HOST:PORT, such as ${EXAMPLE}`);
  const prefix = reader.text('prefix', 'drumline.');
  if (!/^[\w.-]*$/.test(prefix))
    reader.problem('option prefix must consist of letters, digits, dots, - and _');
  const tags = reader.choice('tags', ['none', 'datadog'], 'none');
  const timers = reader.wholeNumber('timers', { min: 0, max: 1_000 }, 0);
  const packetBytes = reader.wholeNumber('packet', { min: 64, max: 65_507 }, PACKET_BYTES);
  reader.done();
  const bare = host.replaceAll(/^\[|\]$/g, '');
  return { host: bare, port, prefix, hasTags: tags === 'datadog', timers, packetBytes };
}
