import { statSync } from 'node:fs';
import type { ServiceHandle } from '@drumline/master';
import { EXIT_CODES } from '@drumline/model';
import { LinkProcess } from '@drumline/wire/link-process';
import { defineCommand } from '../command.js';
import { requireKey } from '../credentials/require.js';
import { logFormatOption } from '../log-format.js';
import { listenAddress, tcpAddress } from '../options/address.js';
import { keepOption } from '../options/keep.js';
import { warnIfLittleMemory } from '../options/lanes.js';
import { DEFAULT_API, dashboardDirectory, grpcOf, masterOptions, tlsPaths } from '../options/master.js';
import { DEFAULT_DATA_DIR, requireDataDir } from '../options/store.js';
import { optionError, wholeNumber } from '../options/values.js';
import { addressesOf, requireHeartbeat } from '../run/follow.js';
import { onceOptions, requireOnce } from '../options/once.js';
import { outOptions } from '../options/out.js';
import { terminationOption } from '../options/outputs.js';
import { onInterrupt } from '../run/interrupts.js';
import { outputsOfRuns } from '../run/open-outputs.js';
import { requireWritable } from '../run/outputs.js';
import { serveOnce } from '../run/serve-once.js';
import { forkedPlanner } from '../scenarios/planner.js';
import { withTerminationLog } from '../run/termination-log.js';

const group = 'Cluster:';
const runs = 'Runs:';
const DEFAULT_BIND = 'tcp://127.0.0.1:5557';
const DEFAULT_KEEP = { count: 100 };
const { heartbeat, 'missing-after': missingAfter, 'key-file': keyFile, insecure } = masterOptions;
const { 'tls-cert': tlsCert, 'tls-key': tlsKey, 'api-allow-origin': apiAllowOrigin } = masterOptions;

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
    scenarios: {
      type: 'string',
      requiresArg: true,
      group: runs,
      describe: 'Directory of scenarios that can be started from the dashboard',
      defaultDescription: 'none: scenarios are uploaded',
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
    'api-allow-origin': apiAllowOrigin,
    insecure,
    'log-format': logFormatOption,
    ...outOptions,
    'allow-outputs': {
      type: 'boolean',
      default: false,
      group: 'Output:',
      describe:
        'Let submitted runs name outputs (--out, --tap, scenario), which write files and connect from this machine',
    },
    ...onceOptions,
    'termination-log': terminationOption,
  },
  examples: [
    ['', 'Serve this machine; submit runs with `drumline submit`'],
    [
      '--bind tcp://0.0.0.0:5557 --api 0.0.0.0:8089 --key-file drumline.key',
      'Serve all networks, with a key',
    ],
    ['--scenarios load-tests', 'Start the scenarios of a directory from the dashboard'],
    ['--api-allow-origin https://platform.example', 'Let pages of a platform call the control API'],
    ['--out influxdb=http://localhost:8086/load', 'Write the seconds of all runs to InfluxDB'],
    ['--keep 200 --keep 30d', 'Keep at most 200 results, and none for longer than 30 days'],
    [
      '--once --expect-workers 4 --linger 5m',
      'Execute one submitted run with four workers, and exit with its exit code',
    ],
  ],
  run: async (args) => {
    requireHeartbeat(args.heartbeat, args.missingAfter);
    warnIfLittleMemory({ lanes: 0, master: true });
    const dataDir = requireDataDir({ dataDir: args.dataDir, store: true })!;
    const api = { ...(args.api || DEFAULT_API), orAnyPort: false };
    const grpc = grpcOf(args.grpc);
    const key = requireKey({ bind: args.bind, api, grpc }, args);
    requireOnce(args);
    const outputs = {
      json: args.json,
      html: args.html,
      csv: args.csv,
      junit: args.junit,
      summaryMd: args.summaryMd,
      upload: args.upload,
    };
    requireWritable(outputs);
    requireDirectory(args.scenarios);
    const { allowOutputs } = args;
    const outputsOf = await outputsOfRuns(args, allowOutputs);
    return await withTerminationLog(args.terminationLog, async (termination) => {
      const linkProcess = new LinkProcess();
      const { startService } = await import('@drumline/master');
      const service = await startService(
        {
          bind: args.bind,
          api,
          grpc,
          dashboard: dashboardDirectory(),
          key,
          tls: tlsPaths(args),
          apiAllowedOrigins: args.apiAllowOrigin,
          dataDir,
          heartbeatMs: args.heartbeat,
          missingAfterMs: args.missingAfter,
          planner: forkedPlanner,
          scenariosDirectory: args.scenarios,
          keep: args.keep ?? DEFAULT_KEEP,
          queueLimit: args.queueLimit,
          allowOutputs,
          ...outputsOf,
          once: args.once
            ? {
                expectWorkers: args.expectWorkers ?? 1,
                expectWorkersMaxWaitMs: args.expectWorkersMaxWait ?? null,
              }
            : undefined,
        },
        (line) => console.log(line),
        linkProcess,
      );
      for (const line of addressesOf(service)) console.log(line);
      if (!service.only) return await serveUntilSignal(service);
      const { submitWithin: submitWithinMs, linger: lingerMs } = args;
      return await serveOnce(service, service.only, { submitWithinMs, lingerMs, outputs, termination });
    });
  },
});

/** @throws DrumlineError `usage` */
function requireDirectory(path: string | undefined): void {
  if (path === undefined || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw optionError('scenarios', `${path} is not a directory`, 'Name the directory of your scenario files.');
}

/** Serves until a signal. */
async function serveUntilSignal(service: ServiceHandle): Promise<number> {
  const log = (line: string): void => console.log(line);
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
}
