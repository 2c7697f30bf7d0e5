import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Aim, LoadGenerator } from '../generator.js';
import { executable, firstLineOf, onPath } from '../launch.js';
import { startCommand } from './start-command.js';

/** Where `--install-peers` puts what comes from npm. */
export const PEER_FOLDER = join(tmpdir(), 'drumline-bench-peers');

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));
const FILES = join(ROOT, 'scripts/bench/http/peers');
/** Longer than any window: commands are killed when it is over. */
const SECONDS = '1000';

/** A peer that is a program of its own. */
interface Command {
  readonly name: string;
  readonly versionOf: readonly string[];
  readonly can: (aim: Aim) => boolean;
  readonly args: (aim: Aim) => string[];
}

const perConnection = ({ requestsPerSecond = 0, connections }: Aim): string =>
  String(requestsPerSecond / connections);

const COMMANDS: readonly Command[] = [
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

/** The peers that are programs, found in PATH, in this folder's packages or where `--install-peers` puts them. */
export function commandPeers(): LoadGenerator[] {
  return COMMANDS.map(({ name, versionOf, can, args }) => {
    const path = find(name);
    return {
      name,
      version: path === undefined ? undefined : versionIn(firstLineOf([path, ...versionOf])),
      can,
      start: (aim, cores) => startCommand(name, [path!, ...args(aim)], cores),
    };
  });
}

function find(program: string): string | undefined {
  const folders = [ROOT, PEER_FOLDER].map((folder) => join(folder, 'node_modules/.bin', program));
  return onPath(program) ?? folders.filter((path) => existsSync(path)).find(executable);
}

function versionIn(line: string): string {
  return /\d+\.\d+[\w.+-]*/.exec(line)?.[0] ?? '(it does not tell its version)';
}
