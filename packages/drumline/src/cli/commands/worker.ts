import { availableParallelism, hostname } from 'node:os';
import { defineCommand } from '../command.js';
import { logFormatOption } from '../log-format.js';
import { requireToken } from '../credentials/require.js';
import { tcpAddress } from '../options/address.js';
import { requireSensibleLanes, warnIfLittleMemory } from '../options/lanes.js';
import { createSampleFile, sampleOptions } from '../options/samples.js';
import { duration, wholeNumber, optionError } from '../options/values.js';
import { runWorkerProcess } from '../run/worker-process.js';

export const worker = defineCommand({
  usage: 'worker',
  about: 'Generate load for a master; start any number of workers, before or after it',
  options: {
    master: tcpAddress('master', { describe: 'Address of the master', default: 'tcp://127.0.0.1:5557' }),
    lanes: wholeNumber('lanes', 1, {
      describe: 'Number of lanes: processes that generate load',
      defaultDescription: 'one per CPU',
    }),
    name: {
      type: 'string',
      requiresArg: true,
      describe: 'Name of the worker, unique in the cluster',
      defaultDescription: 'HOST-PID',
    },
    'lane-heap': wholeNumber('lane-heap', 16, { describe: 'Heap limit of a lane, MiB' }),
    'orphan-grace': duration('orphan-grace', {
      describe: 'How long the load continues when the master is silent',
      default: '30s',
    }),
    'token-file': {
      type: 'string',
      requiresArg: true,
      describe: 'File with the worker token, created by `drumline token`; or set DRUMLINE_TOKEN to the token',
    },
    insecure: {
      type: 'boolean',
      default: false,
      describe:
        'Join a master on another machine without a token: unencrypted, and any peer that answers is trusted',
    },
    'reconnect-for': duration('reconnect-for', {
      describe: 'How long to reconnect to a silent master, and to keep results that it has not acknowledged',
      default: '10m',
    }),
    'connect-timeout': duration('connect-timeout', {
      describe: 'How long to wait for the first response from the master',
      defaultDescription: 'wait forever',
    }),
    'log-format': logFormatOption,
    ...sampleOptions,
  },
  examples: [
    ['', 'Join the master on this machine'],
    [
      '--master tcp://10.0.0.5:5557 --token-file drumline.token --lanes 4',
      'Join another master, with four lanes',
    ],
  ],
  run: async (args) => {
    if (args.name !== undefined && !/^[\w.:@-]{1,100}$/.test(args.name)) {
      throw optionError('name', 'must have 1 to 100 characters: letters, digits and . _ - : @');
    }
    const lanes = args.lanes ?? availableParallelism();
    requireSensibleLanes(lanes);
    warnIfLittleMemory({ lanes, master: false });
    const samples = createSampleFile(args);
    return await runWorkerProcess({
      master: args.master,
      token: requireToken(args),
      name: args.name ?? `${hostname()}-${process.pid}`,
      lanes,
      laneHeapMb: args.laneHeap ?? null,
      orphanGraceMs: args.orphanGrace,
      reconnectForMs: args.reconnectFor,
      connectTimeoutMs: args.connectTimeout ?? null,
      samples,
      log: (line) => console.log(line),
      print: (line) => console.log(line),
    });
  },
});
