import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { TapRecord } from '@drumline/wire';
import { SmallDisk } from '../../../../../test/support/small-disk.js';
import { feed, intervalsOf, outputContract, type GeneratedRun } from '../../testing.js';
import { sumOfRecords } from '../testing/sum-of-records.js';
import type { TapOutput } from '../tap-output.js';
import { tapFile } from './index.js';

const directories: string[] = [];
afterEach(() => {
  for (const one of directories.splice(0)) rmSync(one, { recursive: true, force: true });
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'drumline-tap-'));
  directories.push(path);
  return path;
}

const create = async (path: string, options: Readonly<Record<string, string>> = {}): Promise<TapOutput> =>
  (await tapFile.create({ name: 'tap-file', url: path, options })) as TapOutput;

const filesOf = (path: string): string[] =>
  readdirSync(path)
    .filter((name) => name.endsWith('.ndjson'))
    .sort();

function recordsOf(path: string): TapRecord[] {
  const text = filesOf(path)
    .map((name) => readFileSync(join(path, name), 'utf8'))
    .join('');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as TapRecord);
}

const latest = (path: string, name: string): TapRecord =>
  JSON.parse(readFileSync(join(path, name), 'utf8')) as TapRecord;

const { signal } = new AbortController();

async function write(
  output: TapOutput,
  { run, events }: GeneratedRun,
  from: number,
  to: number,
): Promise<void> {
  await output.check();
  await output.open({ ...run, fromSecond: from });
  const seconds = events.filter((event) => event.type === 'closed');
  for (const second of seconds.slice(from, to)) await output.send(output.interval(second, 1)!, signal);
}

describe('a tap into files', () => {
  let path = '';
  const contract = outputContract({
    create: () => create((path = directory()), { megabytes: '1' }),
    read: () => sumOfRecords(recordsOf(path)),
    isCumulative: false,
  });
  for (const { name, run } of contract) test(name, run);

  test('shows the newest record of each type, and removes those of another run', async () => {
    const own = directory();
    writeFileSync(join(own, 'end.json'), '{"run":"another"}');
    const output = await create(own);
    const generated = intervalsOf(3, { seconds: 14 });
    await write(output, generated, 0, 14);
    expect(latest(own, 'latest.json')).toMatchObject({ type: 'second', seq: 15, second: 13 });
    expect(latest(own, 'detail.json')).toMatchObject({ type: 'detail', seq: 11, second: 9 });
    expect(readdirSync(own)).not.toContain('end.json');
    await output.send(output.end({})!, signal);
    await output.close();
    expect(latest(own, 'end.json')).toMatchObject({ type: 'end', seq: 17 });
    expect(readdirSync(own).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('begins another file at a size, and keeps the newest ones', async () => {
    const own = directory();
    const output = await create(own, { megabytes: '1', files: '2' });
    const generated = intervalsOf(3, { seconds: 40, series: 400 });
    await write(output, generated, 0, 40);
    await output.close();
    const files = filesOf(own);
    expect(files).toHaveLength(2);
    const records = recordsOf(own);
    // A file is named by its first record.
    expect(files[0]).toBe(`${generated.run.runId}.${String(records[0]!.seq).padStart(10, '0')}.ndjson`);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => records[0]!.seq + index));
    expect(records.at(-1)!.seq).toBe(44);
    for (const name of files) expect(readFileSync(join(own, name)).length).toBeLessThan(1_000_000);
  });

  test('continues after a writer that was killed in the middle of a line', async () => {
    const own = directory();
    const generated = intervalsOf(4, { seconds: 24 });
    const killed = await create(own);
    await write(killed, generated, 0, 8);
    appendFileSync(join(own, filesOf(own)[0]!), '{"type":"second","seq":9,"tot');
    const next = await create(own);
    // The second before is written again by the next master, too.
    await write(next, generated, 7, 24);
    await next.send(next.end({})!, signal);
    await next.close();
    await killed.close();
    const numbers = Array.from({ length: 28 }, (_, index) => index + 1);
    expect(recordsOf(own).map(({ seq }) => seq)).toEqual(numbers);
  });

  (SmallDisk.isPossible ? test : test.skip)(
    'writes nothing half on a full disk, and goes on later',
    async () => {
      using disk = SmallDisk.mount(2);
      const own = join(disk.path, 'tap-{run}');
      const generated = intervalsOf(5, { seconds: 12, series: 200 });
      const output = await create(own);
      await write(output, generated, 0, 3);
      const path = join(disk.path, `tap-${generated.run.runId}`);
      disk.fill();
      const seconds = generated.events.filter((event) => event.type === 'closed');
      const batch = output.interval(seconds[3]!, 4)!;
      await expect(output.send(batch, signal)).rejects.toThrow('ENOSPC');
      expect(recordsOf(path).map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(latest(path, 'latest.json')).toMatchObject({ seq: 3 });
      rmSync(join(disk.path, 'filler'));
      await output.send(batch, signal);
      expect(recordsOf(path).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect(latest(path, 'latest.json')).toMatchObject({ seq: 4 });
      await output.close();
    },
  );

  test('refuses a directory that it cannot make', async () => {
    const file = join(directory(), 'file');
    writeFileSync(file, '');
    await expect((await create(join(file, 'tap'))).check()).rejects.toThrow(
      'cannot write into the directory',
    );
  });
});

test('nothing is lost if the sum of a run is taken from its last record', async () => {
  const own = directory();
  const generated = intervalsOf(9);
  const output = await create(own);
  await feed(output, generated);
  await output.close();
  const records = recordsOf(own);
  const last = records.findLast((record) => record.type === 'second')!;
  const end = records.at(-1)!;
  const late = end.type === 'end' ? (end.late?.totals.requests ?? 0) : NaN;
  expect(last.sum.requests + late).toBe(generated.sums.totals.requests);
});
