// Rows of test data reach users on several machines: each its own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Cluster } from '../support/drumline.js';
import { startSite } from '../support/site.js';

interface Told {
  readonly id: number;
  readonly name: string;
  readonly index: number;
  readonly number: number;
}

test('users on machines without the file have rows of their own, and iterations their own numbers', async () => {
  const told: Told[] = [];
  const site = await startSite(({ query }) => {
    const { id, index, number, name } = Object.fromEntries(query);
    told.push({ id: Number(id), index: Number(index), number: Number(number), name: name! });
    return { json: {} };
  });
  const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
  try {
    const rows = Array.from({ length: 20_000 }, (_, id) => `${id + 100},"Name, ${id + 100} ""ü"""`);
    await writeFile(join(directory, 'rows.csv'), `\uFEFFid,name\r\n${rows.join('\r\n')}\r\n`);
    const args = ['-H', site.url, '--param', `rows=${join(directory, 'rows.csv')}`, '--expect-workers', '2'];
    await using cluster = await Cluster.start('rows', args);
    const cacheOf = (name: string): { env: NodeJS.ProcessEnv } => ({
      env: { DRUMLINE_CACHE_DIR: join(directory, name) },
    });
    for (const name of ['w1', 'w2']) cluster.addWorker(name, [], cluster.address, cacheOf(name));
    await cluster.until(({ users }) => users === 6);
    await cluster.until(() => told.length > 60);
    const before = told.length;
    cluster.addWorker('w3', [], cluster.address, cacheOf('w3'));
    await cluster.until(async () =>
      (await cluster.workerViews()).some(({ name, requests }) => name === 'w3' && requests > 10),
    );
    await cluster.order('stop');
    const result = await cluster.result();
    expect(result.totals).toMatchObject({ requests: told.length, failures: 0 });
    expect(result.exceptions).toEqual([]);
    for (const { id, name, index } of told)
      expect({ id, name, index }).toEqual({ id: index + 100, name: `Name, ${index + 100} "ü"`, index });
    const numbers = told.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    // Users that have not moved leave few gaps. On a busy machine, some may have moved.
    const unmoved = numbers.slice(0, before).filter((number) => number < 2 ** 32);
    expect(unmoved.length).toBeGreaterThan(before / 4);
    expect(Math.max(...unmoved)).toBeLessThan(4 * before);
  } finally {
    await site.close();
    await rm(directory, { recursive: true, force: true });
  }
}, 120_000);
