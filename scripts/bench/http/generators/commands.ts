import { join } from 'node:path';
import { ROOT, SECONDS, type Command } from '../../harness/generators/commands.js';
import type { HttpAim } from '../bench.js';

const FILES = join(ROOT, 'scripts/bench/http/peers');

const perConnection = ({ requestsPerSecond = 0, connections }: HttpAim): string =>
  String(requestsPerSecond / connections);

/** Programs that make HTTP load. */
export const COMMANDS: readonly Command<HttpAim>[] = [
  {
    name: 'wrk',
    versionOf: ['--version'],
    can: (aim) => aim.protocol !== 'h2' && aim.requestsPerSecond === undefined && aim.fresh !== 'resumed',
    args: ({ url, connections, fresh }) => [
      '-t1',
      `-c${connections}`,
      `-d${SECONDS}`,
      ...(fresh ? ['-HConnection: close'] : []),
      url,
    ],
  },
  {
    name: 'h2load',
    versionOf: ['--version'],
    can: ({ fresh }) => fresh === undefined,
    args: (aim) => [
      '-t1',
      `-c${aim.connections}`,
      `-m${aim.streams ?? 1}`,
      `-D${SECONDS}`,
      ...(aim.protocol === 'h2' ? [] : ['--h1']),
      ...(aim.requestsPerSecond === undefined ? [] : [`--rps=${perConnection(aim)}`]),
      aim.url,
    ],
  },
  {
    name: 'autocannon',
    versionOf: ['--version'],
    can: ({ protocol, fresh }) => protocol !== 'h2' && fresh === undefined,
    args: ({ url, connections, requestsPerSecond }) => [
      '--no-progress',
      `--connections=${connections}`,
      `--duration=${SECONDS}`,
      ...(requestsPerSecond === undefined ? [] : [`--overallRate=${requestsPerSecond}`]),
      url,
    ],
  },
  {
    name: 'locust',
    versionOf: ['--version'],
    can: (aim) => aim.protocol !== 'h2' && aim.fresh === undefined && aim.requestsPerSecond === undefined,
    args: ({ url, connections }) => [
      `--locustfile=${join(FILES, 'locustfile.py')}`,
      `--host=${url}`,
      `--users=${connections}`,
      `--spawn-rate=${connections}`,
      `--run-time=${SECONDS}s`,
      '--headless',
      '--only-summary',
    ],
  },
  {
    name: 'hey',
    versionOf: [],
    can: ({ fresh, streams }) => fresh !== 'resumed' && streams === undefined,
    args: (aim) => [
      `-z=${SECONDS}s`,
      `-c=${aim.connections}`,
      ...(aim.protocol === 'h2' ? ['-h2'] : []),
      ...(aim.fresh ? ['-disable-keepalive'] : []),
      ...(aim.requestsPerSecond === undefined ? [] : [`-q=${perConnection(aim)}`]),
      aim.url,
    ],
  },
  {
    name: 'k6',
    versionOf: ['version'],
    can: ({ url, fresh }) => url.startsWith('http:') && fresh === undefined,
    args: (aim) => [
      'run',
      '--quiet',
      '--no-summary',
      `--vus=${aim.connections}`,
      `--duration=${SECONDS}s`,
      `--env=URL=${aim.url}`,
      `--env=RATE=${perConnection(aim)}`,
      join(FILES, 'k6.js'),
    ],
  },
];
