// Attacks the control API of a running master that may open 1,024 files: malformed requests, idle
// connections, slow bodies, unread streams. Meanwhile it polls the status on new connections. At
// the end, the report must equal the target's count.
// npm run fuzz:api [-- SEED]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describeRefusals } from '@drumline/model';
import type { RunResult, StatusView } from '@drumline/wire';
import { startTarget } from '../demo/target.js';
import { pause } from '../bench/cluster.js';
import { describeMachine, quantile } from '../bench/support.js';
import { Random } from './random.js';
import { hostileRequest } from './requests.js';

const SEED = Number(process.argv[2] ?? 1);
const REQUESTS = 20_000;
const AT_ONCE = 50;
const IDLE = 10_000;
const SLOW = 1_000;
const LISTENERS = 300;
const HOST = 'Host: 127.0.0.1\r\n';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const random = new Random(SEED);
const target = await startTarget();
const master = spawn(
  'sh',
  [
    '-c',
    'ulimit -n 1024 && exec "$0" "$@"',
    process.execPath,
    here('../../../packages/drumline/bin/drumline.js'),
    'run',
    here('../../bench/scenarios/simplest.ts'),
    '-u',
    '20',
    '-H',
    target.url,
    '--api',
    '127.0.0.1:0',
    '--no-store',
    '--no-html',
    '--json',
    '-',
  ],
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
let [printed, output] = ['', ''];
master.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
master.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
const port = await apiPort();
while ((await status()).users < 20) await pause(100);

console.log(`${describeMachine()}; seed ${SEED}`);
console.log('storm                      status median     worst    memory   files');
await storm('none', () => pause(3_000));
await storm(`${REQUESTS} broken requests`, brokenRequests);
await storm(`${IDLE} idle connections`, () => crowd(IDLE, ''));
await storm(`${SLOW} slow heads`, () => crowd(SLOW, `GET /v1/runs/current/status HTTP/1.1\r\n${HOST}X-`));
await storm(`${SLOW} slow bodies`, () =>
  crowd(
    SLOW,
    `POST /v1/runs/current/users HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{`,
  ),
);
await storm(`${LISTENERS} listeners that do not read`, () =>
  crowd(LISTENERS, `GET /v1/runs/current/events HTTP/1.1\r\n${HOST}\r\n`),
);
await storm('none', () => pause(3_000));

const { refusals, workers } = await status();
await fetch(`http://127.0.0.1:${port}/v1/runs/current/stop`, { method: 'POST' });
await once(master, 'close');
await target.close();
const { totals, exit, workers: seen } = JSON.parse(output) as RunResult;
const told = printed.split('\n').filter((line) => line.includes('Refused '));
console.log(
  `Refused: ${describeRefusals(refusals).join(', ')}; logged in ${told.length} lines. Workers missing at the end: ${workers.missing}; longest silence of one: ${seen[0]!.longestHeartbeatGapMs} ms.`,
);
console.log(
  `Requests in the report: ${totals.requests}; seen by the target: ${target.count}; the run ${exit}.`,
);
if (totals.requests !== target.count || exit !== 'passed' || workers.missing > 0) process.exitCode = 1;

async function apiPort(): Promise<number> {
  for (;;) {
    const [, found] = /Control API at http:\/\/127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
    if (found !== undefined) return Number(found);
    if (master.exitCode !== null) throw new Error(`the master ended:\n${printed}`);
    await pause(50);
  }
}

/** Polls the status on a new connection, as `drumline status` does. */
async function status(): Promise<StatusView> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/runs/current/status`, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(10_000),
  });
  return (await response.json()) as StatusView;
}

async function storm(name: string, run: () => Promise<unknown>): Promise<void> {
  const answersMs: number[] = [];
  let [memoryMb, files, running] = [0, 0, true];
  const asking = (async () => {
    while (running) {
      const askedMs = performance.now();
      await status();
      answersMs.push(performance.now() - askedMs);
      memoryMb = Math.max(memoryMb, residentMb());
      files = Math.max(files, readdirSync(`/proc/${master.pid}/fd`).length);
      await pause(50);
    }
  })();
  await run();
  running = false;
  await asking;
  const ms = (part: number): string => `${quantile(answersMs, part).toFixed(0)} ms`.padStart(8);
  console.log(
    `${name.padEnd(28)}${ms(0.5)}  ${ms(1)}  ${`${memoryMb} MB`.padStart(8)}  ${String(files).padStart(6)}`,
  );
}

function residentMb(): number {
  const [, kb] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${master.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kb) / 1_024);
}

async function brokenRequests(): Promise<void> {
  let left = REQUESTS;
  const sendOneAfterTheOther = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const socket = dial();
      socket.end(hostileRequest(random));
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendOneAfterTheOther));
}

/**
 * Opens connections that send this text and then nothing. Holds the surviving ones for a while,
 * then closes them.
 */
async function crowd(count: number, words: string): Promise<void> {
  const sockets: Socket[] = [];
  for (let opened = 0; opened < count; opened += 1) {
    const socket = dial();
    if (words !== '') socket.write(words);
    sockets.push(socket.pause());
    if (opened % 100 === 99) await pause(20);
  }
  await pause(3_000);
  for (const socket of sockets) socket.destroy();
}

function dial(): Socket {
  return connect(port, '127.0.0.1').on('error', () => {});
}
