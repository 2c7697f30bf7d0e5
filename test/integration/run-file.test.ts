// The run file of an ended run is downloaded from its master, and read elsewhere.
import { createWriteStream, existsSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, expect, test } from '@jest/globals';
import { connect, type RunFile } from '@drumline/client';
import { openRunStore, readRun, type StoreChange } from '@drumline/master/store';
import type { RunResult } from '@drumline/wire';
import { MasterKey } from '@drumline/wire/security';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { Service } from '../support/service.js';

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

/** Saves a run file among the runs of a new data directory. @returns the directory */
async function saved({ name, stream, sizeBytes }: RunFile): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drumline-run-file-'));
  directories.push(directory);
  await mkdir(join(directory, 'runs'));
  const path = join(directory, 'runs', name);
  await pipeline(Readable.fromWeb(stream as never), createWriteStream(path));
  expect((await stat(path)).size).toBe(sizeBytes);
  return directory;
}

/** What `drumline report` shows of a run in a data directory. */
async function reported(directory: string, runId: string): Promise<RunResult> {
  const env = { DRUMLINE_DATA_DIR: directory };
  const { code, output } = await new Drumline(['report', runId.slice(0, 8), '--json', '-'], env).ended;
  if (code !== 0) throw new Error(output);
  return JSON.parse(output) as RunResult;
}

async function runFilePath({ dataDir }: Service, runId: string): Promise<string> {
  const names = await readdir(join(dataDir, 'runs'));
  return join(
    dataDir,
    'runs',
    names.find((name) => name.endsWith(`${runId.slice(0, 8)}.db`))!,
  );
}

test('the file of an ended run has what the target counted, and is refused to others and before', async () => {
  const key = MasterKey.generate();
  await using service = await Service.start([], {
    DRUMLINE_KEY: key.text,
    DRUMLINE_TOKEN: key.workerToken.text,
  });
  const target = await startTarget();
  try {
    const id = await service.submitted('steady', target);
    const run = service.client.run(id);
    await expect(run.runFile()).rejects.toMatchObject({ code: 'run-unfinished', status: 409 });
    await service.addWorkers('w1');
    await service.until(id, ({ state }) => state === 'running');
    await eventually(() => target.count > 50 || undefined);
    await expect(run.runFile()).rejects.toMatchObject({ code: 'run-unfinished', status: 409 });
    await run.stop();
    await service.ended(id);
    // At once: the master may still have it open.
    const file = await run.runFile();
    expect(file.name).toMatch(new RegExp(`^\\d{8}T\\d{6}Z-steady-${id.slice(0, 8)}\\.db$`));
    const result = await reported(await saved(file), id);
    expect(result).toEqual(await run.result());
    expect(result.totals.requests).toBe(target.count);

    const url = `${service.client.url}/v1/runs/${id.slice(0, 8)}/run-file`;
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, body } = await fetch(url, { method });
      await body?.cancel();
      expect([status, Object.fromEntries(headers)]).toEqual([
        200,
        expect.objectContaining({
          'content-type': 'application/vnd.sqlite3',
          'content-length': String(file.sizeBytes),
          'content-disposition': `attachment; filename="${file.name}"`,
          'cache-control': 'no-store',
        }),
      ]);
    }
    for (const role of ['view', 'run'] as const) {
      const other = connect({ url: service.client.url, token: key.roleTokens[role]! });
      await expect(other.run(id).runFile()).rejects.toMatchObject({ code: 'role-missing', status: 403 });
      const { status } = await fetch(url, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${key.roleTokens[role]}` },
      });
      expect(status).toBe(403);
    }
    const admin = connect({ url: service.client.url, token: key.roleTokens.admin });
    await (await admin.run(id).runFile()).stream.cancel();
  } finally {
    await target.close();
  }
});

test('a run that never began has none, nor has one of a master that stores nothing', async () => {
  await using service = await Service.start();
  const target = await startTarget();
  try {
    const id = await service.submitted('steady', target);
    await service.client.run(id).cancel();
    const missing = { code: 'run-file-missing', status: 404 };
    await expect(service.client.run(id).runFile()).rejects.toMatchObject({
      ...missing,
      message: expect.stringContaining(`run ${id} has no run file`),
    });
    for (const [args, expected] of [
      [['--no-store'], { ...missing, hint: expect.stringContaining('--no-store') }],
      [['--store'], { code: 'run-unfinished', hint: expect.stringContaining('data directory') }],
    ] as const) {
      const own = [scenarioPath('steady'), '-H', target.url, '--api', '127.0.0.1:0', '--no-html'];
      const env = { DRUMLINE_DATA_DIR: join(service.directory, 'other') };
      await using master = new Drumline(['run', ...own, ...args], env);
      const [, url] = await master.prints(/API at (http:\S+)/);
      await expect(connect({ url: url! }).run().runFile()).rejects.toMatchObject(expected);
    }
  } finally {
    await target.close();
  }
});

test('a file whose master was killed includes what is in the log beside it', async () => {
  await using service = await Service.start();
  const target = await startTarget();
  try {
    await service.addWorkers('w1');
    const id = await service.submitted('quick', target, ['--iterations', '40']);
    const result = await service.result(id);
    await service.master.prints(/quick\.ts has ended: passed/);
    await service.kill();
    const path = await runFilePath(service, id);
    await leaveResultInLog(path, result);
    await forgetEnd(join(service.dataDir, 'queue', `${id}.json`));
    await service.startAgain();
    expect(await service.client.run(id).view()).toMatchObject({ state: 'finished', verdict: 'passed' });
    expect(existsSync(`${path}-wal`)).toBe(true);
    const files = await Promise.all([1, 2, 3].map(() => service.client.run(id).runFile()));
    expect(existsSync(`${path}-wal`)).toBe(false);
    for (const file of files) {
      const { totals, verdict } = await reported(await saved(file), id);
      expect([totals.requests, verdict]).toEqual([target.count, 'passed']);
    }
    expect((await readdir(join(service.dataDir, 'runs'))).filter((name) => name.includes('.owner-'))).toEqual(
      [],
    );
  } finally {
    await target.close();
  }
});

/** Makes a file one of a master that was killed just after it had committed the result. */
async function leaveResultInLog(path: string, result: RunResult): Promise<void> {
  const commit = async (change: StoreChange, beforeClose = async (): Promise<void> => {}): Promise<void> => {
    const { store } = await openRunStore(path);
    await store.commit(change);
    await beforeClose();
    await store.close();
  };
  await commit({ run: { result: undefined } } as unknown as StoreChange);
  expect(readRun(path).run.result).toBeUndefined();
  const parts = ['', '-wal'] as const;
  await commit({ run: { result } }, async () => {
    for (const part of parts) await copyFile(path + part, `${path}${part}.left`);
  });
  for (const part of parts) {
    await copyFile(`${path}${part}.left`, path + part);
    await rm(`${path}${part}.left`);
  }
}

/** The service was killed before it wrote that the run has ended. */
async function forgetEnd(path: string): Promise<void> {
  const { end: _, ...registered } = JSON.parse(await readFile(path, 'utf8')) as { end?: object };
  await writeFile(path, JSON.stringify(registered));
}

test('a large file takes no memory of the master, and readers that stop or leave are let go', async () => {
  await using service = await Service.start();
  const target = await startTarget();
  try {
    await service.addWorkers('w1');
    const id = await service.submitted('quick', target, ['--iterations', '40']);
    await service.ended(id);
    const run = service.client.run(id);
    await (await run.runFile()).stream.cancel();
    const path = await runFilePath(service, id);
    // SQLite ignores what follows the pages of a file.
    await truncate(path, LARGE_BYTES);
    const before = await residentBytes(service.master.pid);
    const leaving = new AbortController();
    const [stopped, left] = await Promise.all([run.runFile(), run.runFile({ signal: leaving.signal })]);
    await eventually(async () => (await openFilesOf(service.master.pid, path)) === 2 || undefined);
    leaving.abort();
    const { sizeBytes, stream } = await run.runFile();
    let [readBytes, measuredAt, mostBytes] = [0, 0, 0];
    for await (const part of Readable.fromWeb(stream as never) as AsyncIterable<Uint8Array>) {
      readBytes += part.length;
      if (readBytes < measuredAt + LARGE_BYTES / 16) continue;
      measuredAt = readBytes;
      mostBytes = Math.max(mostBytes, await residentBytes(service.master.pid));
    }
    expect([sizeBytes, readBytes]).toEqual([LARGE_BYTES, LARGE_BYTES]);
    expect(mostBytes - before).toBeLessThan(LARGE_BYTES / 4);
    await expect(new Response(left.stream).arrayBuffer()).rejects.toThrow();
    // A busy machine may have taken so long that the master has closed it.
    await stopped.stream.cancel().catch(() => {});
    await eventually(async () => (await openFilesOf(service.master.pid, path)) === 0 || undefined);
  } finally {
    await target.close();
  }
});

const LARGE_BYTES = 512 * 1024 * 1024;

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
}

/** How often a process has a file open. */
async function openFilesOf(pid: number, path: string): Promise<number> {
  const files = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return targets.filter((one) => one === path).length;
}
