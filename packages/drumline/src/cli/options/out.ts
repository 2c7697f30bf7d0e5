import { closest } from '@drumline/model';
import { optionError } from './values.js';

const group = 'Output:';

/** The options for outputs, which write the seconds of a run while it runs. */
export const outOptions = {
  out: {
    type: 'string',
    array: true,
    lines: true,
    requiresArg: true,
    group,
    describe:
      'Write each second of the run to NAME[=URL][?option=value&...] while it runs, such as ndjson=FILE; may be repeated. `drumline outputs` lists them',
    read: (value: unknown): string[] => [value].flat().map(String),
  },
  'metric-names': {
    choices: ['drumline', 'k6'],
    requiresArg: true,
    group,
    describe:
      'Names of the metrics of --out prometheus and prometheus-remote-write; k6: those of k6, for its dashboards',
  },
  tap: {
    type: 'string',
    array: true,
    lines: true,
    requiresArg: true,
    group,
    describe:
      'Pass each second of the run to programs on this machine: unix:PATH, zmq:tcp://HOST:PORT, file:DIR, shm:NAME or amqp://HOST; may be repeated',
    read: (value: unknown): string[] => [value].flat().map((text) => tapOutput(String(text))),
  },
} as const;

/** The same for a run that is submitted, whose master opens them. */
export const submittedOutOptions = {
  out: {
    ...outOptions.out,
    flagOnly: true,
    describe:
      'Let the master write each second of the run to NAME[=URL][?option=value&...]; needs `drumline serve --allow-outputs`',
  },
  'metric-names': { ...outOptions['metric-names'], flagOnly: true },
  tap: {
    ...outOptions.tap,
    flagOnly: true,
    describe:
      'Let the master pass each second of the run to programs on its machine, as `drumline run --tap`',
  },
} as const;

const TAPS = ['unix', 'zmq', 'file', 'shm'];

/** The output of a tap: `unix:/run/load.sock` is `tap-unix=/run/load.sock`. */
function tapOutput(text: string): string {
  const [, kind = '', rest = ''] = /^([a-z]+):([^]*)$/.exec(text) ?? [];
  if (kind === 'amqp' || kind === 'amqps') return `tap-amqp=${text}`;
  if (TAPS.includes(kind) && rest !== '') return `tap-${kind}=${rest}`;
  const meant = closest(kind, [...TAPS, 'amqp']);
  const hint = meant === undefined || meant === kind ? '' : `Did you mean ${meant}:? `;
  throw optionError(
    'tap',
    'must begin with unix:, zmq:, file:, shm:, amqp: or amqps:, and an address must follow',
    `${hint}Write for example --tap unix:/run/drumline.sock.`,
  );
}
