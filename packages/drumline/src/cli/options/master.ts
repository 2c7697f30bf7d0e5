import { listenAddress } from './address.js';
import { duration } from './values.js';

const group = 'Master:';
const security = 'Security:';

/** How a master listens and watches over its workers. */
export const masterOptions = {
  api: listenAddress('api', {
    group,
    describe: 'Where the control API listens, HOST:PORT; --no-api for none',
    defaultDescription: '127.0.0.1:8089',
  }),
  heartbeat: duration('heartbeat', {
    group,
    describe: 'How often workers give a sign of life',
    default: '1s',
  }),
  'missing-after': duration('missing-after', {
    group,
    describe: 'Silence after which a worker is missing',
    default: '3s',
  }),
  'on-worker-lost': {
    choices: ['rebalance', 'wait', 'continue', 'fail'],
    default: 'rebalance',
    requiresArg: true,
    group,
    describe:
      'What becomes of the users of a missing worker: the others get them now or when it has stopped, or they wait, or the run ends',
  },
  'keep-going': {
    type: 'boolean',
    default: false,
    group,
    describe: 'Go on although no request reaches the target; else such a run ends after 10s',
  },
  'key-file': {
    type: 'string',
    requiresArg: true,
    group: security,
    describe: 'File with the key that `drumline token` made; or DRUMLINE_KEY holds the key itself',
  },
  insecure: {
    type: 'boolean',
    default: false,
    group: security,
    describe: 'Listen beyond this machine without a key: unencrypted, open to every peer',
  },
} as const;

export const DEFAULT_API = { host: '127.0.0.1', port: 8089 } as const;
