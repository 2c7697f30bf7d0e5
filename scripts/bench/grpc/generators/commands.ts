import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SECONDS, type Command } from '../../harness/generators/commands.js';
import { temporaryFolder } from '../../harness/launch.js';
import type { GrpcAim } from '../bench.js';
import { accountIds, balancesRequest, PATH, PROTO } from '../messages.js';

const FILES = join(ROOT, 'scripts/bench/grpc/peers');

const inFlight = ({ connections, streams = 1 }: GrpcAim): number => connections * streams;

/** Programs that make gRPC load. */
export const COMMANDS: readonly Command<GrpcAim>[] = [
  {
    // h2load does not decode gRPC: it sends the bytes of a call and reads the HTTP status.
    name: 'h2load',
    versionOf: ['--version'],
    can: () => true,
    args: (aim) => [
      '-t1',
      `-c${aim.connections}`,
      `-m${aim.streams ?? 1}`,
      `-D${SECONDS}`,
      `-d${requestFile(aim)}`,
      '-Hcontent-type: application/grpc',
      '-Hte: trailers',
      `${aim.url}${PATH}`,
    ],
  },
  {
    name: 'ghz',
    versionOf: ['--version'],
    can: () => true,
    args: (aim) => [
      '--insecure',
      `--proto=${PROTO}`,
      `--call=${PATH.slice(1)}`,
      `--data=${JSON.stringify({ ids: accountIds(aim.accounts) })}`,
      `--connections=${aim.connections}`,
      `--concurrency=${inFlight(aim)}`,
      `--duration=${SECONDS}s`,
      new URL(aim.url).host,
    ],
  },
  {
    // Uses the grpcio of the system's Python. Messages stay bytes, which is less work than a test
    // does.
    name: 'locust',
    versionOf: ['--version'],
    can: () => true,
    args: (aim) => [
      `--locustfile=${join(FILES, 'locustfile.py')}`,
      `--host=${new URL(aim.url).host}`,
      `--users=${inFlight(aim)}`,
      `--spawn-rate=${inFlight(aim)}`,
      `--run-time=${SECONDS}s`,
      '--headless',
      '--only-summary',
      `--channels=${aim.connections}`,
      `--request=${requestFile(aim)}`,
    ],
  },
];

function requestFile({ accounts }: GrpcAim): string {
  const file = join(temporaryFolder(), 'request');
  writeFileSync(file, balancesRequest(accounts));
  return file;
}
