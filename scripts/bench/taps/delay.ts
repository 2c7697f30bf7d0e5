// How long after a response a reader of a tap has it, for bench:taps.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TapLine, TapSecond } from '@drumline/wire';
import { startTarget } from '../../demo/target.js';

const RUN_SECONDS = 20;
/** Seconds at the start, in which code is compiled. */
const WARM_UP = 3;
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const DRUMLINE = join(ROOT, 'packages/drumline/bin/drumline.js');
const SCENARIOS = join(ROOT, 'scripts/bench/scenarios');

/** A load whose records are read. */
export interface DelayCase {
  readonly name: string;
  readonly scenario: string;
  readonly users: number;
  /** By `drumline master`, which stores each second before a tap shows it. */
  readonly isStored?: true;
}

export interface Delays {
  /** From the start of each second until a reader had its record: that of its first response. */
  readonly ms: readonly number[];
  /** Of the lane that was least idle. */
  readonly busiestLane: number;
}

/** @param directory for the socket and the run file */
export async function delaysOf(one: DelayCase, directory: string): Promise<Delays> {
  const target = await startTarget();
  const path = join(directory, `${one.scenario}-${one.isStored ?? false}.sock`);
  const processes = started(one, target.url, path, directory);
  const ended = Promise.all(processes.map((process) => once(process, 'exit')));
  const ms: number[] = [];
  let busiestLane = 0;
  for await (const record of secondsAt(path)) {
    if (record.second < WARM_UP) continue;
    ms.push(Date.now() - Date.parse(record.at));
    busiestLane = Math.max(busiestLane, record.busiestLane);
  }
  await ended;
  await target.close();
  return { ms, busiestLane };
}

function started({ scenario, users, isStored }: DelayCase, url: string, path: string, directory: string) {
  const file = join(SCENARIOS, scenario);
  const own = ['-H', url, '-u', String(users), '-t', `${RUN_SECONDS}s`, '--no-html', '--no-api'];
  const tap = ['--tap', `unix:${path}`];
  if (!isStored) return [drumline('run', file, ...own, ...tap, '--no-store')];
  const bind = 'tcp://127.0.0.1:15562';
  return [
    drumline('master', file, ...own, ...tap, '--bind', bind, '--data-dir', join(directory, 'data')),
    drumline('worker', '--master', bind, '--lanes', '1'),
  ];
}

function drumline(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [DRUMLINE, ...args], { stdio: 'ignore' });
}

async function* secondsAt(path: string): AsyncGenerator<TapSecond> {
  let text = '';
  for await (const chunk of (await opened(path)).setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (text + chunk).split('\n');
    text = lines.pop()!;
    for (const line of lines) {
      const record = JSON.parse(line) as TapLine;
      if (record.type === 'second') yield record;
    }
  }
}

async function opened(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const [isOpen] = await Promise.race([
      once(socket, 'connect').then(() => [true]),
      once(socket, 'error').then(() => [false]),
    ]).catch(() => [false]);
    if (isOpen) return socket;
    await sleep(50);
  }
}
