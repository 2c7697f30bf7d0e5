import { fileURLToPath } from 'node:url';
import type { MasterOptions } from '@drumline/master';
import { listenAddress, type HostPort } from './address.js';
import { allowOriginOption } from './origins.js';
import { untrustedOption } from './thresholds.js';
import { duration, optionError } from './values.js';

const group = 'Master:';
const security = 'Security:';

/** Options of a master: its addresses, its security, and how it handles lost workers. */
export const masterOptions = {
  api: listenAddress('api', {
    group,
    describe: 'Address of the control API, HOST:PORT; --no-api turns it off',
    defaultDescription: '127.0.0.1:8089',
  }),
  grpc: listenAddress('grpc', {
    group,
    describe: 'Address of the control API over gRPC, HOST:PORT; its schema is drumline/control.proto',
    defaultDescription: 'off',
  }),
  heartbeat: duration('heartbeat', {
    group,
    describe: 'Interval between the heartbeats of a worker',
    default: '1s',
  }),
  'missing-after': duration('missing-after', {
    group,
    describe: 'How long a worker may be silent before it counts as missing',
    default: '3s',
  }),
  'on-worker-lost': {
    choices: ['rebalance', 'wait', 'continue', 'fail'],
    default: 'rebalance',
    requiresArg: true,
    group,
    describe:
      'What happens to the users of a missing worker. rebalance: they move to other workers at once. wait: they move once it must have stopped. continue: they stay until it returns. fail: the run ends',
  },
  'keep-going': {
    type: 'boolean',
    default: false,
    group,
    describe: 'Continue even if no request reaches the target; otherwise such a run ends after 10s',
  },
  force: {
    type: 'boolean',
    default: false,
    group,
    describe: 'Start even if a limit of a worker’s machine, such as open files, will certainly break the run',
  },
  'quantiles-every': {
    choices: ['auto', '1s', '2s', '5s', '10s'],
    default: 'auto',
    requiresArg: true,
    group,
    describe:
      'How often the quantiles of single series are updated. auto: every second, and less often while the master is overloaded. The report is exact in any case',
  },
  untrusted: untrustedOption,
  'tls-cert': {
    type: 'string',
    requiresArg: true,
    group: security,
    describe: 'Certificate of the control API with its chain, PEM; with it, the API serves HTTPS',
  },
  'tls-key': {
    type: 'string',
    requiresArg: true,
    group: security,
    describe: 'Key of --tls-cert, PEM',
  },
  'api-allow-origin': allowOriginOption,
  'key-file': {
    type: 'string',
    requiresArg: true,
    group: security,
    describe: 'File with the master’s key, created by `drumline token`; or set DRUMLINE_KEY to the key',
  },
  insecure: {
    type: 'boolean',
    default: false,
    group: security,
    describe: 'Listen beyond this machine without a key: unencrypted and open to every peer',
  },
} as const;

type RunSettings = Pick<
  MasterOptions,
  'onWorkerLost' | 'keepGoing' | 'force' | 'untrusted' | 'quantilesEverySeconds'
>;
type RunArguments = Omit<RunSettings, 'quantilesEverySeconds'> & { readonly quantilesEvery: string };

/** @returns undefined if the master chooses by its load */
function quantilesEvery(given: string): MasterOptions['quantilesEverySeconds'] {
  return given === 'auto'
    ? undefined
    : (Number.parseInt(given, 10) as MasterOptions['quantilesEverySeconds']);
}

/** The options of a run that each command has which begins one. */
export function runOptionsOf(args: RunArguments): RunSettings {
  const { onWorkerLost, keepGoing, force, untrusted } = args;
  return {
    onWorkerLost,
    keepGoing,
    force,
    untrusted,
    quantilesEverySeconds: quantilesEvery(args.quantilesEvery),
  };
}

/** The address of the gRPC control API for a master, with its schema. */
export function grpcOf(address: HostPort | false | undefined): MasterOptions['grpc'] {
  if (!address) return undefined;
  return { ...address, proto: fileURLToPath(new URL('../../../control.proto', import.meta.url)) };
}

export const uiOption = {
  type: 'boolean',
  default: false,
  group,
  describe: 'Open the dashboard in the browser',
} as const;

/** The directory of the dashboard. */
export function dashboardDirectory(): string {
  return fileURLToPath(new URL('dist/app/', import.meta.resolve('@drumline/dashboard/package.json')));
}

export const DEFAULT_API = { host: '127.0.0.1', port: 8089 } as const;

/**
 * The certificate of the control API.
 * @throws DrumlineError `usage` if one of the options is missing
 */
export function tlsPaths({
  tlsCert,
  tlsKey,
}: {
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}): MasterOptions['tls'] {
  if (tlsCert !== undefined && tlsKey !== undefined) return { certPath: tlsCert, keyPath: tlsKey };
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  const [given, missing] = tlsCert === undefined ? ['tls-key', 'tls-cert'] : ['tls-cert', 'tls-key'];
  throw optionError(given, `needs --${missing}, too`, 'Pass the certificate and its key.');
}
