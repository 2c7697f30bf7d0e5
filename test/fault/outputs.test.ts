// A master is replaced while outputs write the run, and while programs follow it by its taps. What
// each of them has in the end is the report, to the request.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { RunResult, TapRecord } from '@drumline/wire';
import { eventually } from '../support/drumline.js';
import { PointStore } from '../support/point-store.js';
import { freePort } from '../support/processes.js';
import { requestsIn, secondsOf, TapReader } from '../support/tap-reader.js';
import { tempProjects } from '../support/temp-project.js';
import { Trial } from '../support/trial.js';

const folder = tempProjects();

/** The newest counter of a scrape endpoint, as Prometheus sees it. */
class Scraper implements Disposable {
  requests = 0;
  /** Counters that went back: Prometheus would count them twice. */
  resets = 0;
  private isOver = false;

  constructor(url: string) {
    void this.repeat(url);
  }

  private async repeat(url: string): Promise<void> {
    while (!this.isOver) {
      await this.scrape(url).catch(() => {});
      await pause(200);
    }
  }

  private async scrape(url: string): Promise<void> {
    const response = await fetch(url);
    const text = await response.text();
    const values = [...text.matchAll(/^drumline_requests_total\{[^\n]*\} (\d+)$/gm)];
    if (values.length === 0) return;
    const requests = values.reduce((sum, [, value]) => sum + Number(value), 0);
    if (requests < this.requests) this.resets += 1;
    this.requests = requests;
  }

  [Symbol.dispose](): void {
    this.isOver = true;
  }
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}

function requestsInNdjson(path: string): number {
  const records = linesOf(path).map(
    (line) => JSON.parse(line) as { type: string; totals: { requests: number } },
  );
  const counted = records.filter(({ type }) => type === 'second' || type === 'correction');
  return counted.reduce((sum, { totals }) => sum + totals.requests, 0);
}

function requestsInCsv(path: string): number {
  const [head = '', ...rows] = linesOf(path);
  const at = head.split(',').indexOf('requests');
  return rows.reduce((sum, row) => sum + Number(row.split(',')[at]), 0);
}

function recordsIn(directory: string): TapRecord[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.ndjson'));
  return names
    .sort()
    .flatMap((name) => linesOf(join(directory, name)))
    .map((line) => JSON.parse(line) as TapRecord);
}

function expectWhole(records: readonly TapRecord[], { totals }: RunResult): void {
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
  expect(requestsIn(records)).toBe(totals.requests);
  const end = records.at(-1)!;
  if (end.type !== 'end') throw new Error(`the last record is ${end.type}`);
  expect(end.result!.totals).toEqual(totals);
  const last = secondsOf(records).at(-1)!;
  expect(last.sum.requests + (end.late?.totals.requests ?? 0)).toBe(totals.requests);
}

for (const how of ['killed', 'handed over'] as const)
  test(`outputs and taps of a run whose master is ${how} lack nothing and have nothing twice`, async () => {
    const directory = folder({});
    const [path, port] = [join(directory, 'tap.sock'), await freePort()];
    const [ndjson, csv] = [join(directory, 'seconds.ndjson'), join(directory, 'seconds.csv')];
    const shm = `drumline-fault-${process.pid}`;
    await using points = await PointStore.start();
    const outs = [
      `ndjson=${ndjson}`,
      `csv=${csv}`,
      `prometheus=:${port}`,
      `influxdb=http://${points.address}/load`,
    ];
    await using trial = await Trial.start(`master with outputs ${how}`, {
      masterArgs: [
        '-t',
        '5m',
        '--on-sigterm',
        'hand-over',
        ...outs.flatMap((out) => ['--out', out]),
        ...[`unix:${path}`, `file:${join(directory, 'tap')}`, `shm:${shm}`].flatMap((tap) => ['--tap', tap]),
      ],
    });
    using scraper = new Scraper(`http://127.0.0.1:${port}/metrics`);
    const before = await TapReader.open(path, 0);
    await trial.underWay();
    await before.has(3);
    if (how === 'killed') await trial.cluster.killMaster();
    else trial.master.signal('SIGTERM');
    await trial.master.ended;
    await before.ended;
    const known = scraper.requests;
    expect(known).toBeGreaterThan(0);
    trial.cluster.startMasterAgain();
    const after = await TapReader.open(path, before.records.at(-1)!.seq);
    await trial.share('w1', 'w2');
    await after.has(3);
    await eventually(() => (scraper.requests > known ? true : undefined));
    await trial.cluster.order('stop');
    const result = await trial.survives({ exit: 'stopped-early', losses: 'none' });
    await after.ended;

    const { requests } = result.totals;
    expect(requestsInNdjson(ndjson)).toBe(requests);
    expect(requestsInCsv(csv)).toBe(requests);
    expect(points.sum('drumline_requests', 'requests')).toBe(requests);
    expect([scraper.requests, scraper.resets]).toEqual([requests, 0]);
    expectWhole(recordsIn(join(directory, 'tap')), result);
    expectWhole([...before.records, ...after.records], result);
    for (const { name, droppedSeconds, state } of result.outputs!)
      expect([name, droppedSeconds, state]).toEqual([name, 0, 'closed']);
    // The files that tell the next master how far the others were are gone.
    expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
    rmSync(`/dev/shm/${shm}`, { force: true });
  });
