// Rows of test data reach users on several machines: each its own.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { bodyOf, serveHttp } from '../contract/support/servers.js';
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
    // Users that have not moved leave few gaps. On a busy machine, all may have moved.
    const unmoved = numbers.slice(0, before).filter((number) => number < 2 ** 32);
    if (unmoved.length > before / 4) expect(Math.max(...unmoved)).toBeLessThan(4 * before);
  } finally {
    await site.close();
    await rm(directory, { recursive: true, force: true });
  }
});

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('files, and rows of a compressed file of several chunks, arrive on machines that lack them', async () => {
  const got = new Map<string, string>();
  const rows: unknown[] = [];
  let requests = 0;
  const server = await serveHttp((request, response) => {
    void bodyOf(request).then((bytes) => {
      requests += 1;
      if (request.url === '/image') got.set(String(request.headers['x-name']), hashOf(bytes));
      else rows.push(JSON.parse(bytes.toString()));
      response.end();
    });
  });
  const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
  try {
    // All byte values, nothing, and more than one chunk of a transfer.
    const images = new Map<string, Uint8Array>([
      ['all.jpg', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
      ['empty.png', new Uint8Array()],
      ['large.png', randomBytes(700_000)],
      ['zeros.jpg', new Uint8Array(1_000)],
    ]);
    await mkdir(join(directory, 'images'));
    for (const [name, bytes] of images) await writeFile(join(directory, 'images', name), bytes);
    await writeFile(join(directory, 'images', 'other.txt'), 'not an image');
    // It stays larger than several chunks when it is compressed.
    const table = Array.from({ length: 60 }, (_, id) => ({
      id,
      text: randomBytes(20_000).toString('base64'),
    }));
    const text = table.map(({ id, text }) => `${id},${text}\r\n`).join('');
    const packed = gzipSync(`\uFEFFid,text\r\n${text}`);
    expect(packed.length).toBeGreaterThan(1_000_000);
    await writeFile(join(directory, 'rows.csv.gz'), packed);
    const args = ['-H', server.origin, '--param', `directory=${directory}`, '--expect-workers', '2'];
    await using cluster = await Cluster.start('files', args);
    for (const name of ['w1', 'w2'])
      cluster.addWorker(name, [], cluster.address, {
        env: { DRUMLINE_CACHE_DIR: join(directory, `cache-${name}`) },
      });
    const result = await cluster.result();
    expect(result.totals).toMatchObject({ requests, failures: 0 });
    expect(result.exceptions).toEqual([]);
    expect(requests).toBe(120);
    expect(Object.fromEntries(got)).toEqual(
      Object.fromEntries([...images].map(([name, bytes]) => [name, hashOf(bytes)])),
    );
    const byId = (a: unknown, b: unknown): number => (a as { id: number }).id - (b as { id: number }).id;
    expect(rows.toSorted(byId)).toEqual(table);
  } finally {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
});
