// Real servers close idle connections, and the users' think time is close to the idle timeout.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpDriver } from '@drumline/drivers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { closedPort } from '../contract/support/servers.js';
import { wait } from '../contract/support/closing.js';
import { IDLE_SERVERS, type IdleServer } from './idle-connections/servers.js';

const USERS = 60;
const ROUNDS = 6;
/** Think times around the idle timeout of one second. */
const [SHORTEST_MS, LONGEST_MS] = [960, 1_060];

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

describe.each(Object.entries(IDLE_SERVERS))('%s', (_, server) => {
  const run = isInstalled(server.program) ? test : test.skip;
  const what = `no GET fails at the idle timeout, and each counts once`;
  run.each(['native', 'undici'] as const)(
    `${isInstalled(server.program) ? '' : `${server.program} is missing: `}${what} (%s)`,
    async (engine) => {
      const origin = await start(server);
      const failures: string[] = [];
      let [requests, resends] = [0, 0];
      const driver = await HttpDriver.open({
        engine,
        target: origin,
        now: () => performance.now(),
        onSample: ({ failure }) => {
          requests += 1;
          if (failure !== undefined) failures.push(failure);
        },
        onResend: () => void (resends += 1),
        onLateFailure() {},
        onTransfer() {},
      });
      const users = Array.from({ length: USERS }, async (__, i) => {
        const http = driver.openClient({ user: 'thinker' });
        for (let round = 0; round < ROUNDS; round++) {
          await http.get('/');
          await wait(SHORTEST_MS + ((LONGEST_MS - SHORTEST_MS) * ((i * 7 + round * 13) % USERS)) / USERS);
        }
        await http.close();
      });
      await Promise.all(users);
      await driver.close();
      expect(failures).toEqual([]);
      expect(requests).toBe(USERS * ROUNDS);
      // The server did not read a request that arrived while it closed the idle connection.
      if (server.counts) expect(await countOf(origin)).toBe(requests);
      expect(resends).toBeLessThan(requests);
    },
    60_000,
  );
});

async function start(server: IdleServer): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'drumline-idle-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const port = await closedPort();
  const [program, ...args] = server.prepare(folder, port);
  // A separate process group, because some servers start child processes.
  const child = spawn(program!, args, { stdio: 'ignore', detached: true });
  endings.push(() => kill(child));
  for (let tries = 0; tries < 100; tries++) {
    if (await answers(port)) return `http://127.0.0.1:${port}`;
    await wait(100);
  }
  throw new Error(`${program} did not begin to listen`);
}

function kill({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

async function countOf(origin: string): Promise<number> {
  return Number(await (await fetch(`${origin}/count`)).text());
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
