// `kill -9` of a service: it continues with its queue, its runs, its results and its uploads.
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RunClient } from '@drumline/client';
import type { RunEventView } from '@drumline/wire';
import { MasterKey } from '@drumline/wire/security';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { eventually } from '../support/drumline.js';
import { Service } from '../support/service.js';

async function readEvents(run: RunClient, into: RunEventView[], after?: string): Promise<void> {
  for await (const event of run.events({ after })) into.push(event);
}

/** What happened, without corrections and without the states with which connections begin. */
function happened(events: readonly RunEventView[]): string[] {
  const begins = (event: RunEventView, before: RunEventView | undefined): boolean =>
    before === undefined || (event.type === 'state' && event.eventId === before.eventId);
  return events
    .filter((event, index) => !begins(event, events[index - 1]) && event.type !== 'correction')
    .map((event) => {
      if (event.type === 'annotation') return `annotation ${event.text}`;
      if (event.type === 'interval') return `interval ${event.number}`;
      return event.type === 'note'
        ? `note ${event.message}`
        : event.type === 'state'
          ? event.state
          : event.type;
    });
}

test('killed between runs, with a queue, and during a run: nothing is lost', async () => {
  await using service = await Service.start();
  const targets = await Promise.all([startTarget(), startTarget(), startTarget()]);
  try {
    // With a queue.
    const ended = await service.submitted('quick', targets[0]!, ['--iterations', '40', '--label', 'n=1']);
    await service.kill();
    await service.startAgain();
    expect(await service.client.run(ended).view()).toMatchObject({ state: 'queued', labels: { n: '1' } });
    await service.addWorkers('w1', 'w2');
    expect((await service.result(ended)).totals.requests).toBe(targets[0]!.count);
    // Between runs.
    await service.master.prints(/quick\.ts has ended: passed/);
    await service.kill();
    await service.startAgain();
    expect(await service.client.run(ended).view()).toMatchObject({ state: 'finished', verdict: 'passed' });
    await eventually(async () => (await service.client.health()).workers === 2 || undefined);
    // During a run, with another one behind it.
    const watch = service.submit('quick', targets[1]!, ['-t', '10m', '--watch', '--no-html']);
    const [, running] = await watch.prints(/Submitted run (\S+)\./);
    const queued = await service.submitted('quick', targets[2]!, ['--iterations', '40']);
    await service.until(running!, ({ state }) => state === 'running');
    await eventually(() => targets[1]!.count > 100 || undefined);
    const followed = service.client.run(running!);
    const seen: RunEventView[] = [];
    const following = readEvents(followed, seen);
    // A test that fails before it waits for this would fail the next one, too.
    following.catch(() => {});
    await eventually(() => seen.some(({ type }) => type === 'interval') || undefined);
    await followed.annotate('before the restart');
    // A log is written just after its lines are shown, so the last one may be on its way.
    const linesBefore = await eventually(async () => {
      const [lines, stored] = [await followed.logs(), await service.storedLog(running!)];
      return lines.every(({ number }) => stored.includes(`"number":${number},`)) ? lines : undefined;
    });
    await service.kill();
    await service.startAgain();
    expect((await followed.logs()).slice(0, linesBefore.length)).toEqual(linesBefore);
    expect(await service.client.run(queued).view()).toMatchObject({ state: 'queued', position: 1 });
    await service.until(running!, ({ state }) => state === 'running');
    await followed.stop();
    for (const [index, id] of [running!, queued].entries()) {
      const { exit, totals } = await service.result(id);
      const expected = id === running ? 'stopped-early' : 'passed';
      expect([exit, totals.requests]).toEqual([expected, targets[index + 1]!.count]);
    }
    // Readers over the restart, and those that come later, have every event once.
    await following;
    const again: RunEventView[] = [];
    await readEvents(followed, again, seen[0]!.eventId);
    expect(happened(again)).toEqual(happened(seen));
    expect(happened(seen)).toContain('annotation before the restart');
    const numbers = seen.flatMap((event) => (event.type === 'interval' ? [event.number] : []));
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    // The command has waited for the next service.
    expect(await watch.ended).toMatchObject({ code: 14, output: expect.stringContaining('■ stopped early') });
    const { runs } = await service.client.runs();
    expect(runs.map(({ runId }) => runId)).toEqual([queued, running, ended]);
  } finally {
    await Promise.all(targets.map((target) => target.close()));
  }
});

test('stopped with Ctrl-C: the run that has started is reported, the queue begins in the next service', async () => {
  await using service = await Service.start();
  const targets = await Promise.all([startTarget(), startTarget()]);
  try {
    await service.addWorkers('w1');
    const running = await service.submitted('steady', targets[0]!);
    const queued = await service.submitted('quick', targets[1]!, ['--iterations', '40']);
    await eventually(() => targets[0]!.count > 0 || undefined);
    service.master.signal('SIGINT');
    const { code, output } = await service.master.ended;
    expect(code).toBe(0);
    expect(output).toMatch(`[${running.slice(0, 8)}] Worker w1 joined`);
    expect(output).not.toMatch(`[${queued.slice(0, 8)}] Worker`);
    await service.startAgain();
    expect(await service.client.run(queued).view()).toMatchObject({ state: 'queued', position: 1 });
    const { exit, totals } = await service.result(running);
    expect([exit, totals.requests]).toEqual(['interrupted', targets[0]!.count]);
    await service.addWorkers('w2');
    expect((await service.result(queued)).totals.requests).toBe(targets[1]!.count);
  } finally {
    await Promise.all(targets.map((target) => target.close()));
  }
});

test('killed during an upload: the next service continues at the offset that was reached', async () => {
  await using service = await Service.start();
  const bytes = randomBytes(3 * 1024 * 1024);
  const id = createHash('sha256').update(bytes).digest('hex');
  const offsets: number[] = [];
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    offsets.push(offset);
    if (offsets.length === 2) {
      await service.kill();
      void service.startAgain();
    }
    return bytes.subarray(offset, offset + length);
  };
  await service.client.upload([{ id, size: bytes.byteLength, read }]);
  expect(offsets[0]).toBe(0);
  expect(offsets.slice(1).every((offset) => offset > 0)).toBe(true);
  expect(await readFile(join(service.dataDir, 'artifacts', id))).toEqual(bytes);
  // What is there is not sent again, and damaged bytes are refused.
  expect(await service.client.upload([{ id, size: bytes.byteLength, read }])).toBe(0);
  const damaged = { id: id.replaceAll(/\d/g, '0'), size: 10, read: () => new Uint8Array(10) };
  await expect(service.client.upload([damaged])).rejects.toMatchObject({ code: 'upload-damaged' });
});

const PASSWORD = 'kX9-7q-z-Lm42Tr';
const OUT_PASSWORD = 'wT5-3b-y-Qn18Vs';

test.each([true, false])('secrets rest on the disk only encrypted; with a key: %s', async (withKey) => {
  const key = MasterKey.generate();
  const secret = { DRUMLINE_SECRET_PASSWORD: PASSWORD };
  const env = { ...(withKey && { DRUMLINE_KEY: key.text, DRUMLINE_TOKEN: key.workerToken.text }), ...secret };
  await using service = await Service.start(['--allow-outputs'], env);
  const target = await startTarget();
  try {
    const output = `influxdb=http://load:${OUT_PASSWORD}@127.0.0.1:1/load?optional=true`;
    const id = await service.submitted('leaking', target, ['--iterations', '3', '-u', '1', '--out', output]);
    for (const directory of ['queue', 'artifacts'])
      for (const name of await readdir(join(service.dataDir, directory)))
        for (const secret of [PASSWORD, OUT_PASSWORD])
          expect(await readFile(join(service.dataDir, directory, name), 'utf8')).not.toContain(secret);
    expect(await service.client.run(id).view()).toMatchObject({ state: 'queued' });
    await service.kill();
    await service.startAgain();
    if (withKey) {
      const worker = service.addWorker('w1');
      await worker.prints(/set up with/);
      await service.ended(id);
      expect(service.master.output).not.toContain(PASSWORD);
      expect(service.master.output).not.toContain(OUT_PASSWORD);
      const { outputs } = await service.result(id);
      expect(outputs).toMatchObject([{ name: 'influxdb', to: 'http://127.0.0.1:1/load' }]);
    } else {
      expect(await service.ended(id)).toMatchObject({ state: 'failed', exitCode: 10 });
      await expect(service.client.run(id).result()).rejects.toThrow(
        /needs its secrets again \(PASSWORD, outputs\)/,
      );
    }
  } finally {
    await target.close();
  }
});
