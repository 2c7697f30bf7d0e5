import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { feed, intervalsOf, outputContract } from '../testing.js';
import type { Output, OutputRun } from '../output.js';
import { ndjson } from './index.js';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'drumline-ndjson-'))));
afterAll(() => rm(directory, { recursive: true }));

interface Line {
  readonly type: string;
  readonly fromSecond: number;
  readonly totals: { readonly requests: number; readonly failures: number };
  readonly series: readonly { readonly requests: number; readonly part?: boolean }[];
}

const pathOf = (name: string): string => join(directory, name);
const create = async (path: string, options = {}): Promise<Output> =>
  await ndjson.create({ name: 'ndjson', url: path, options });

async function linesOf(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** What a reader of the file adds up, in two ways: by totals, and by series. */
async function read(path: string): Promise<{ requests: number; failures: number }> {
  const lines = await linesOf(path);
  const counted = lines.slice(lines.findLastIndex(({ type }) => type === 'reset') + 1);
  const seconds = counted.filter(({ type }) => type === 'second' || type === 'correction');
  const sum = (of: (line: Line) => number): number => seconds.reduce((all, line) => all + of(line), 0);
  const ofSeries = sum(({ series }) =>
    series.reduce((all, { part, requests }) => all + (part === true ? 0 : requests), 0),
  );
  const requests = sum(({ totals }) => totals.requests);
  expect(ofSeries).toBe(requests);
  return { requests, failures: sum(({ totals }) => totals.failures) };
}

describe('an NDJSON file', () => {
  const path = (): string => pathOf('contract.ndjson');
  const contract = outputContract({
    create: () => create(path()),
    read: () => read(path()),
    isCumulative: false,
  });
  for (const { name, run } of contract) test(name, run);
});

test('another master continues the file after the last complete line', async () => {
  const path = pathOf('resumed.ndjson');
  const { run, events } = intervalsOf(7, { seconds: 6 });
  const first = await create(path);
  await feed(first, { run, events });
  await first.close();
  const before = await linesOf(path);
  await appendFile(path, '{"type":"second","tot');
  const second = await create(path);
  const resumed: OutputRun = { ...run, fromSecond: 6 };
  await feed(second, { run: resumed, events: [] });
  await second.close();
  const lines = await linesOf(path);
  expect(lines.slice(0, before.length)).toEqual(before);
  expect(lines.slice(before.length).map(({ type }) => type)).toEqual(['run', 'event', 'end']);
});

test('a new run replaces the file, unless lines are to be kept', async () => {
  const path = pathOf('again.ndjson');
  const written = async (options: object): Promise<number> => {
    const output = await create(path, options);
    await feed(output, intervalsOf(8, { seconds: 3 }));
    await output.close();
    return (await linesOf(path)).length;
  };
  const once = await written({});
  expect(await written({})).toBe(once);
  expect(await written({ append: 'true' })).toBe(2 * once);
});
