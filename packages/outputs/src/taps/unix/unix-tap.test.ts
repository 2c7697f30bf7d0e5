import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { TapLine, TapSecond } from '@drumline/wire';
import { feed, intervalsOf } from '../../testing.js';
import type { TapOutput } from '../tap-output.js';
import { tapUnix } from './index.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

function pathIn(): string {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-tap-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'tap.sock');
}

async function create(url: string, options: Readonly<Record<string, string>> = {}): Promise<TapOutput> {
  const output = (await tapUnix.create({ name: 'tap-unix', url, options })) as TapOutput;
  cleanups.push(() => output.close());
  return output;
}

/** A program that reads a tap. */
class Reader {
  readonly lines: (TapLine | { type: 'problem'; message: string })[] = [];
  readonly socket: Socket;
  readonly ended: Promise<unknown>;
  private text = '';

  constructor(path: string, request?: unknown) {
    this.socket = connect({ path, allowHalfOpen: true });
    cleanups.push(() => this.socket.destroy());
    if (request !== undefined) this.socket.write(`${JSON.stringify(request)}\n`);
    this.socket.setEncoding('utf8').on('data', (text: string) => {
      const parts = (this.text + text).split('\n');
      this.text = parts.pop()!;
      for (const part of parts) this.lines.push(JSON.parse(part) as TapLine);
    });
    this.ended = once(this.socket, 'end');
  }

  /** Waits until it has received so many lines. */
  async has(count: number): Promise<void> {
    while (this.lines.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  get numbers(): (number | string)[] {
    return this.lines.map((line) => ('seq' in line ? line.seq : line.type));
  }
}

const { signal } = new AbortController();

/** Opens a tap and gives it seconds, without an end. */
async function running(path: string, options: Readonly<Record<string, string>> = {}, series = 20) {
  const { run, events } = intervalsOf(1, { seconds: 40, series });
  const seconds = events.filter((event) => event.type === 'closed');
  const output = await create(path, options);
  await output.check();
  await output.open(run);
  const give = async (from: number, to: number): Promise<void> => {
    for (const second of seconds.slice(from, to)) await output.send(output.interval(second, 1)!, signal);
  };
  return { output, give, run };
}

describe('a tap at a Unix socket', () => {
  test('gives each reader all records of the run, which add up to it', async () => {
    const path = pathIn();
    const generated = intervalsOf(7, { seconds: 25 });
    const output = await create(path);
    let readers: Reader[] = [];
    const open = output.open.bind(output);
    output.open = async (run) => {
      await open(run);
      readers = [new Reader(path, { after: 0 }), new Reader(path, { after: 0, types: ['detail', 'end'] })];
      await Promise.all(readers.map(({ socket }) => once(socket, 'connect')));
    };
    await feed(output, generated);
    await output.close();
    await Promise.all(readers.map(({ ended }) => ended));
    const [all, some] = readers as [Reader, Reader];
    expect(all.numbers).toEqual(Array.from({ length: 29 }, (_, index) => index + 1));
    expect(some.numbers).toEqual([11, 22, 28, 29]);
    const seconds = all.lines.filter((line): line is TapSecond => line.type === 'second');
    const end = all.lines.at(-1) as Extract<TapLine, { type: 'end' }>;
    const requests = seconds.reduce(
      (sum, one) => sum + one.totals.requests + (one.late?.totals.requests ?? 0),
      0,
    );
    expect(requests + (end.late?.totals.requests ?? 0)).toBe(generated.sums.totals.requests);
    expect(existsSync(path)).toBe(false);
  });

  test('continues after a number, and names the records that it no longer has', async () => {
    const path = pathIn();
    const { give, run } = await running(path, { keep: '5' });
    await give(0, 8);
    const kept = new Reader(path, { after: 5 });
    const lost = new Reader(path, { after: 1 });
    const other = new Reader(path, { after: 500, run: 'another run' });
    const silent = new Reader(path);
    await Promise.all([kept.has(3), lost.has(6), other.has(6)]);
    expect(kept.numbers).toEqual([6, 7, 8]);
    expect(lost.numbers).toEqual(['lost', 4, 5, 6, 7, 8]);
    expect(lost.lines[0]).toEqual({
      type: 'lost',
      schema: 'drumline.tap/1',
      run: run.runId,
      fromSeq: 2,
      toSeq: 3,
    });
    expect(other.lines[0]).toMatchObject({ type: 'lost', fromSeq: 1, toSeq: 3 });
    // A reader without a request gets what follows, also if it closes its side.
    silent.socket.end();
    await give(8, 9);
    await Promise.all([silent.has(1), kept.has(4)]);
    expect(silent.numbers).toEqual([9]);
    expect(kept.numbers).toEqual([6, 7, 8, 9]);
  });

  test('does not wait for a slow reader, which loses its own records and is told which', async () => {
    const path = pathIn();
    const { output, give } = await running(path, { keep: '8' }, 150);
    const [slow, quick, gone] = [new Reader(path, {}), new Reader(path, {}), new Reader(path, {})];
    await new Promise((resolve) => setTimeout(resolve, 200));
    slow.socket.pause();
    gone.socket.destroy();
    for (let second = 0; second < 40; second += 1) {
      await give(second, second + 1);
      await quick.has(second + 1 + Math.floor((second + 1) / 10));
    }
    slow.socket.resume();
    await output.send(output.end({})!, signal);
    await output.close();
    await Promise.all([slow.ended, quick.ended]);
    expect(quick.numbers).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
    expect(slow.numbers.filter((number) => number === 'lost')).not.toEqual([]);
    // What it has, and what it is told to have lost, is everything, in order.
    const covered = slow.lines.flatMap((line) => {
      if (line.type !== 'lost') return 'seq' in line ? [line.seq] : [];
      return Array.from({ length: line.toSeq + 1 - line.fromSeq }, (_, index) => line.fromSeq + index);
    });
    expect(covered).toEqual(quick.numbers);
  });

  test('takes the place of a process that was killed, not of one that runs or of a file', async () => {
    const path = pathIn();
    const { output } = await running(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect((await create(path)).check()).rejects.toThrow(`another process listens at ${path}`);
    await output.close();

    const other = pathIn();
    writeFileSync(other, 'precious');
    await expect((await create(other)).check()).rejects.toThrow(`${other} exists and is not a socket`);
    await expect((await create('/nowhere/tap.sock')).check()).rejects.toThrow('/nowhere does not exist');

    const left = pathIn();
    spawnSync('python3', [
      '-c',
      `import socket; socket.socket(socket.AF_UNIX).bind(${JSON.stringify(left)})`,
    ]);
    const { give } = await running(left, { mode: '660' });
    expect(statSync(left).mode & 0o777).toBe(0o660);
    const reader = new Reader(left, { after: 0 });
    await give(0, 1);
    await reader.has(1);
  });

  test('answers an invalid request with what is wrong', async () => {
    const path = pathIn();
    await running(path);
    for (const [request, message] of [
      [{ after: -1 }, 'after must be the seq of a record, or 0.'],
      [{ aftr: 1 }, 'The request has the unknown field "aftr": known are after, run and types.'],
      [{ types: ['seconds'] }, 'types must be a list of second, detail, end.'],
      [[1], 'The request must be a JSON object, such as {"after": 120}.'],
      [{ run: 'x'.repeat(5_000) }, undefined],
    ] as const) {
      const reader = new Reader(path, request);
      await reader.ended;
      expect(reader.lines).toEqual([
        { type: 'problem', message: message ?? 'The request is longer than 4096 bytes.' },
      ]);
    }
  });

  test('refuses invalid options, all at once', async () => {
    const create = async () =>
      await tapUnix.create({
        name: 'tap-unix',
        url: `/tmp/${'x'.repeat(90)}-{run}`,
        options: { keep: '0', mode: '9', kept: '1' },
      });
    await expect(create()).rejects.toMatchObject({
      problems: [
        'option keep must be a whole number from 1 to 100000',
        'option mode must be three octal digits, such as 660',
        'the path of a Unix socket has 103 bytes at most, this one 132',
        expect.stringContaining('there is no option kept'),
      ],
    });
  });
});
