// A run file whose writer is killed, whose disk is full, or that is removed.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { createRunStore, openRunStore, readRun, type StoredState } from '@drumline/master/store';
import type { IntervalDelta } from '@drumline/stats';
import { closeAfterEach } from '../contract/support/closing.js';
import { counted, storedRun } from '../support/stored-run.js';
import { tempProjects } from '../support/temp-project.js';

const WRITER = fileURLToPath(new URL('../support/store-writer.mjs', import.meta.url));
const ROUNDS = process.env['DRUMLINE_LONG'] ? 200 : 4;
/** Number of kills. A file and the time to read it grow with each. */
const ROUNDS_PER_FILE = 10;
/** Counts per second and series. */
const REQUESTS = 100;

const folder = tempProjects();
const closing = closeAfterEach();
const writers = new Set<ChildProcess>();
afterEach(async () => {
  for (const writer of writers) await kill(writer);
});

/** A process that commits second after second, and its output. */
async function* writing(
  directory: string,
  series: number,
  limit?: string,
): AsyncGenerator<{ writer: ChildProcess; said: string }> {
  const args = [WRITER, directory, JSON.stringify(storedRun()), String(series)];
  const writer = limit
    ? spawn('bash', ['-c', `ulimit -f ${limit}; exec "$@"`, 'bash', process.execPath, ...args])
    : spawn(process.execPath, args);
  writers.add(writer);
  for await (const said of createInterface(writer.stdout!)) yield { writer, said };
}

async function kill(writer: ChildProcess): Promise<void> {
  writers.delete(writer);
  if (writer.exitCode !== null || writer.signalCode !== null) return;
  writer.kill('SIGKILL');
  await once(writer, 'exit');
}

function filesBeside(path: string): string[] {
  return readdirSync(dirname(path)).map((name) => join(dirname(path), name));
}

function fileIn(directory: string): string {
  const runs = join(directory, 'runs');
  return join(
    runs,
    readdirSync(runs).find((name) => name.endsWith('.db'))!,
  );
}

/** The seconds in the file. Checks that they are complete and consecutive. */
function wholeSeconds({ deltas, run }: StoredState, series: number): number {
  let seconds = 0;
  for (const delta of deltas) {
    expect(delta.second).toBe(seconds);
    expect(delta.series).toHaveLength(series);
    expect(delta.series.every(({ requests }) => requests === REQUESTS)).toBe(true);
    seconds++;
  }
  expect(run.epoch).toBe(seconds - 1);
  return seconds;
}

describe('a run store whose master is killed', () => {
  test(
    `keeps every acknowledged commit complete, ${ROUNDS} times in a row`,
    async () => {
      let directory = '';
      const series = 100;
      let kept = 0;
      for (let round = 0; round < ROUNDS; round++) {
        if (round % ROUNDS_PER_FILE === 0) [directory, kept] = [folder({}), 0];
        let acknowledged = -1;
        let killing: Promise<void> | undefined;
        for await (const { writer, said } of writing(directory, series)) {
          acknowledged = Number(said);
          expect(acknowledged).toBeGreaterThanOrEqual(kept);
          killing ??= sleep(Math.random() * 200).then(() => kill(writer));
        }
        await killing;
        const found = wholeSeconds(readRun(fileIn(directory)), series);
        expect(found).toBeGreaterThan(acknowledged);
        expect(found).toBeLessThanOrEqual(acknowledged + 2);
        kept = found;
      }
      const { store, state } = await openRunStore(fileIn(directory));
      await closing(store);
      expect(wholeSeconds(state, series)).toBe(kept);
    },
    60_000 + ROUNDS * 20_000,
  );

  test('stays with a master that is alive but frozen', async () => {
    const directory = folder({});
    for await (const { writer } of writing(directory, 1)) {
      writer.kill('SIGSTOP');
      await expect(openRunStore(fileIn(directory))).rejects.toMatchObject({
        exit: 'request-invalid',
        message: expect.stringContaining(`process ${writer.pid}`),
      });
      await kill(writer);
    }
    const { store } = await openRunStore(fileIn(directory));
    await store.close();
  });
});

describe('a run store that cannot write', () => {
  test('reports that files can no longer grow, and keeps acknowledged commits', async () => {
    const directory = folder({});
    const said: string[] = [];
    for await (const line of writing(directory, 50, '200')) said.push(line.said);
    expect(JSON.parse(said.pop()!)).toMatchObject({
      exit: 'output-unwritable',
      message: expect.stringContaining(fileIn(directory)),
    });
    expect(wholeSeconds(readRun(fileIn(directory)), 50)).toBe(said.length);
  });

  const disk = smallDisk();
  (disk ? test : test.skip)(
    `reports a full disk, and continues when there is space again${disk ? '' : ' (no disk can be mounted here)'}`,
    async () => {
      const directory = disk!.mount();
      const store = await closing(createRunStore(directory, storedRun()));
      await store.commit({ deltas: counted(0, 5) });
      disk!.fill();
      await expect(store.commit({ deltas: manySeries() })).rejects.toMatchObject({
        exit: 'output-unwritable',
        message: expect.stringContaining('the disk is full'),
      });
      disk!.free();
      await store.commit({ deltas: counted(2, 7) });
      await store.close();
      const seconds = [...readRun(store.path).deltas].map(({ second }) => second);
      expect(seconds).toEqual([0, 2]);
      await expect(openRunStore(store.path)).rejects.toMatchObject({
        exit: 'request-invalid',
        message: expect.stringContaining('some results are missing'),
      });
    },
  );

  test.each([
    ['file', (path: string) => path],
    ['log', (path: string) => `${path}-wal`],
    ['claim', (path: string) => filesBeside(path).find((name) => name.includes('.owner-'))!],
    ['directory', (path: string) => dirname(path)],
  ])('reports that its %s was removed', async (_, victim) => {
    const store = await closing(createRunStore(folder({}), storedRun()));
    await store.commit({ deltas: counted(0, 1) });
    rmSync(victim(store.path), { recursive: true });
    await expect(store.commit({ deltas: counted(1, 1) })).rejects.toMatchObject({
      exit: 'output-unwritable',
      message: expect.stringContaining('removed'),
    });
  });

  test('fails at the start if no file can be created', async () => {
    const directory = folder({ 'data/runs': 'a file' });
    await expect(createRunStore(join(directory, 'data'), storedRun())).rejects.toMatchObject({
      exit: 'output-unwritable',
      message: expect.stringContaining(join(directory, 'data', 'runs')),
    });
  });
});

/** More than fits in the last block of a full disk. */
function manySeries(): IntervalDelta[] {
  return Array.from({ length: 200 }, (_, i) => counted(1, 5, `/${i}/${Math.random()}`)).flat();
}

interface SmallDisk {
  mount(): string;
  fill(): void;
  free(): void;
}

/** A file system of a megabyte; undefined if this user cannot mount one. */
function smallDisk(): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'drumline-disk-'));
  const mount = (): boolean =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]).status === 0;
  const unmount = (): void => void spawnSync('umount', ['-l', path]);
  const possible = mount();
  if (possible) unmount();
  afterAll(() => {
    if (possible) unmount();
    rmSync(path, { recursive: true, force: true });
  });
  const filler = join(path, 'filler');
  return possible
    ? {
        mount: () => (mount(), path),
        fill: () => void spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4096']),
        free: () => rmSync(filler),
      }
    : undefined;
}
