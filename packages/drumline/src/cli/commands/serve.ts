import { EXIT_CODES } from '@drumline/model';
import { LinkProcess } from '@drumline/wire/link-process';
import { defineCommand } from '../command.js';
import { requireKey } from '../credentials/require.js';
import { listenAddress, tcpAddress } from '../options/address.js';
import { keepOption } from '../options/keep.js';
import { warnIfLittleMemory } from '../options/lanes.js';
import { DEFAULT_API, grpcOf, masterOptions, tlsPaths } from '../options/master.js';
import { DEFAULT_DATA_DIR, requireDataDir } from '../options/store.js';
import { wholeNumber } from '../options/values.js';
import { requireHeartbeat } from '../run/follow.js';
import { onInterrupt } from '../run/interrupts.js';

const group = 'Cluster:';
const runs = 'Runs:';
const DEFAULT_BIND = 'tcp://127.0.0.1:5557';
const DEFAULT_KEEP = { count: 100 };
const { heartbeat, 'missing-after': missingAfter, 'key-file': keyFile, insecure } = masterOptions;
const { 'tls-cert': tlsCert, 'tls-key': tlsKey } = masterOptions;

export const serve = defineCommand({
  usage: 'serve',
  about: 'Keep a cluster of workers that executes the runs that are submitted to it',
  options: {
    bind: tcpAddress('bind', {
      group,
      default: DEFAULT_BIND,
      describe: 'Address that workers connect to; tcp://0.0.0.0:5557 for all networks',
    }),
    'data-dir': {
      type: 'string',
      requiresArg: true,
      default: DEFAULT_DATA_DIR,
      group: runs,
      describe: 'Directory for the queue, uploaded files and results',
    },
    keep: keepOption,
    'queue-limit': wholeNumber('queue-limit', 1, {
      group: runs,
      default: 100,
      describe: 'Maximum number of runs that wait; further submissions are refused',
    }),
    api: listenAddress('api', {
      group: 'Master:',
      describe: 'Address of the control API, HOST:PORT',
      defaultDescription: '127.0.0.1:8089',
    }),
    grpc: masterOptions.grpc,
    heartbeat,
    'missing-after': missingAfter,
    'key-file': keyFile,
    'tls-cert': tlsCert,
    'tls-key': tlsKey,
    insecure,
  },
  examples: [
    ['', 'Serve this machine; submit runs with `drumline submit`'],
    [
      '--bind tcp://0.0.0.0:5557 --api 0.0.0.0:8089 --key-file drumline.key',
      'Serve all networks, with a key',
    ],
    ['--keep 200 --keep 30d', 'Keep at most 200 results, and none for longer than 30 days'],
  ],
  run: async (args) => {
    requireHeartbeat(args.heartbeat, args.missingAfter);
    warnIfLittleMemory({ lanes: 0, master: true });
    const dataDir = requireDataDir({ dataDir: args.dataDir, store: true })!;
    const api = { ...(args.api || DEFAULT_API), orAnyPort: false };
    const grpc = grpcOf(args.grpc);
    const key = requireKey({ bind: args.bind, api, grpc }, args);
    const linkProcess = new LinkProcess();
    const { startService } = await import('@drumline/master');
    const log = (line: string): void => console.log(line);
    const service = await startService(
      {
        bind: args.bind,
        api,
        grpc,
        key,
        tls: tlsPaths(args),
        dataDir,
        heartbeatMs: args.heartbeat,
        missingAfterMs: args.missingAfter,
        keep: args.keep ?? DEFAULT_KEEP,
        queueLimit: args.queueLimit,
      },
      log,
      linkProcess,
    );
    log(`Workers join at ${service.workerAddress}`);
    log(`Control API at ${service.apiUrl}`);
    if (service.grpcAddress !== null) log(`gRPC API at ${service.grpcAddress}`);
    const signal = await new Promise<NodeJS.Signals>((resolve) => {
      onInterrupt({
        first: resolve,
        second: () => {
          log('Stopping at once.');
          service.abort();
        },
      });
    });
    if (signal === 'SIGTERM') {
      log('SIGTERM: exiting. The next service in this directory continues the queue and the runs.');
      await service.leave();
      return EXIT_CODES.passed.exitCode;
    }
    log('Stopping: running tasks may finish, and the queue is kept. Press Ctrl-C again to stop at once.');
    await service.stop();
    return EXIT_CODES.passed.exitCode;
  },
});
