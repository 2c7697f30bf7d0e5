import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { outputContract, type GeneratedRun } from '../testing.js';
import { csv } from './index.js';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'drumline-csv-'))));
afterAll(() => rm(directory, { recursive: true }));

type Row = Readonly<Record<string, string>>;
const path = (): string => join(directory, 'seconds.csv');

async function read({ run, sums }: GeneratedRun): Promise<{ requests: number; failures: number }> {
  const rows = rowsOf(await readFile(path(), 'utf8'));
  const sum = (of: readonly Row[], column: string): number =>
    of.reduce((all, row) => all + Number(row[column]), 0);
  for (const { key, requests, bytesReceived } of sums.series) {
    const tags = key.tags.map(([name, value]) => `${name}=${value}`).join(' ');
    const own = rows.filter((row) => {
      const known = [row['protocol'], row['method'], row['name'], row['user'], row['tags']];
      return known.join('\0') === [key.protocol, key.method, key.name, key.user, tags].join('\0');
    });
    expect([key.name, sum(own, 'requests')]).toEqual([key.name, requests]);
    expect(sum(own, 'bytes_received')).toBe(bytesReceived);
  }
  for (const row of rows)
    expect(row['at']).toBe(new Date(Date.parse(run.startedAt) + Number(row['second']) * 1_000).toISOString());
  const counted = rows.filter(({ part }) => part === '0');
  return { requests: sum(counted, 'requests'), failures: sum(counted, 'failures') };
}

describe('a CSV file by second', () => {
  const contract = outputContract({
    create: () => csv.create({ name: 'csv', url: path(), options: {} }),
    read,
    isCumulative: false,
    resets: false,
  });
  for (const { name, run } of contract) test(name, run);
});

/** Reads RFC 4180, independently of what wrote it. */
function rowsOf(text: string): Row[] {
  const [columns = [], ...rows] = text
    .split(/\r\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
      ),
    );
  return rows.map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index]!])));
}
