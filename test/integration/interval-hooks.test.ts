// Hooks that receive every second and every ten seconds of a run, on the master and in lanes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LaneInterval, RunInterval } from '@drumline/wire';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();
let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

const SCENARIO = `import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { constant, counter, inTurn, iterations, scenario, startWith, user } from 'drumline';
const looks = counter('looks');
const write = (name: string, value: unknown) =>
  appendFileSync(process.env.OUT + '/' + name + '.ndjson', JSON.stringify(value) + '\\n');
const look = { look: async ({ http }) => { await http.get('/products'); looks.add(); } };
export default scenario({
  users: [user('visitor', { wait: constant('20ms'), tasks: look }), user('admin', { wait: constant('50ms'), tasks: look })],
  load: LOAD,
  thresholds: ['error rate < 1%'],
  onMaster: {
    async runStart() { await sleep(400); write('started', Date.now()); },
    second({ run, interval }) {
      write('seconds', interval);
      if (interval.number % 2 === 0) throw new Error('no even number in ' + run.scenario);
    },
    tenSeconds({ interval }) { write('tens', interval); },
    runStop({ result }) { write('result', result.totals.requests); },
  },
  onWorker: {
    async runStart() { await sleep(400); write('started', Date.now()); },
    second({ worker, lane, interval }) { write('lane-' + worker + '-' + lane, interval); },
    tenSeconds({ worker, lane, interval }) { write('tens-' + worker + '-' + lane, interval); },
  },
});`;

function lines<T>(folder: string, name: string): T[] {
  const text = readFileSync(join(folder, `${name}.ndjson`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

function requestsIn(intervals: readonly { totals: { requests: number } }[]): number {
  return intervals.reduce((sum, { totals }) => sum + totals.requests, 0);
}

function startWith(load: string, ...args: string[]): Promise<Cluster> {
  folder = project({ 'shop.ts': SCENARIO.replace('LOAD', load) });
  return Cluster.start(join(folder, 'shop.ts'), ['-H', target.url, ...args], { OUT: folder });
}
let folder = '';

test('every second of a run is handed to the hooks on the master and in lanes, once and exact', async () => {
  const load = "inTurn({ warmUp: startWith(6).hold('2500ms'), rate: iterations('60/s').hold('2s') })";
  await using cluster = await startWith(load, '--expect-workers', '2');
  for (const worker of ['w1', 'w2']) cluster.addWorker(worker, ['--lanes', '2']);
  const result = await cluster.result();
  expect(result).toMatchObject({ code: 0, totals: { requests: target.count } });

  // Hooks at the start end before the users start.
  const hooksEnded = lines<number>(folder, 'started');
  expect(hooksEnded).toHaveLength(5);
  expect(Date.parse(result.run.startedAt)).toBeGreaterThanOrEqual(Math.max(...hooksEnded));

  const seconds = lines<RunInterval>(folder, 'seconds');
  const numbers = seconds.map(({ number }) => number);
  expect(numbers).toEqual(result.timeline.map((_, index) => index + 1));
  expect(numbers.length).toBeGreaterThanOrEqual(4);
  const late = seconds.flatMap((second) => second.late ?? []);
  expect(requestsIn([...seconds, ...late])).toBe(target.count);
  for (const second of seconds) {
    const { byUser, series, totals, metrics, at, fromSecond } = second;
    expect(requestsIn(Object.values(byUser).map((counts) => ({ totals: counts })))).toBe(totals.requests);
    expect(series.reduce((sum, { requests }) => sum + requests, 0)).toBe(totals.requests);
    expect(
      metrics.reduce((sum, one) => sum + (one.kind === 'counter' && one.name === 'looks' ? one.sum : 0), 0),
    ).toBe(totals.requests - totals.failures);
    expect(Date.parse(at) - Date.parse(result.run.startedAt)).toBe(fromSecond * 1_000);
    expect(second).toMatchObject({
      workers: { present: 2, missing: 0 },
      thresholds: [{ expression: 'error rate < 1%', broken: false }],
    });
  }
  const ofPhase = (phase: string): number =>
    seconds.reduce((sum, { byPhase }) => sum + (byPhase[phase]?.requests ?? 0), 0);
  expect(ofPhase('warmUp') + ofPhase('rate')).toBe(requestsIn(seconds));
  expect(ofPhase('rate')).toBeGreaterThan(0);
  const { schedule = [] } = result;
  const started = (of: readonly { started: number }[]): number =>
    of.reduce((sum, one) => sum + one.started, 0);
  expect(started([...seconds, ...late].flatMap((one) => one.schedule))).toBe(started(schedule));
  expect(seconds.some(({ users }) => users === 6)).toBe(true);
  expect(seconds[0]!.totals.latencyMs.p50).toBeGreaterThan(0);

  const [ten] = lines<RunInterval>(folder, 'tens');
  expect(ten).toMatchObject({ fromSecond: 0, seconds: numbers.length, totals: { requests: target.count } });
  expect(ten!.totals.latencyMs).toEqual(result.totals.latencyMs);
  expect(lines(folder, 'result')).toEqual([target.count]);

  const [note, ...others] = result.notes.filter(({ code }) => code === 'hook-failed');
  expect(others).toEqual([]);
  const failures = Math.floor(numbers.length / 2);
  expect(note!.message).toMatch(
    `The hook onMaster.second failed ${failures} times, most recently: no even number in shop`,
  );

  const lanes = readdirSync(folder).filter((name) => name.startsWith('lane-'));
  expect(lanes).toHaveLength(4);
  let counted = 0;
  for (const name of lanes.map((file) => file.replace('.ndjson', ''))) {
    const own = lines<LaneInterval>(folder, name);
    expect(own.map(({ number }) => number)).toEqual(own.map((_, index) => own[0]!.number + index));
    const tens = lines<LaneInterval>(folder, name.replace('lane-', 'tens-'));
    expect(requestsIn(tens)).toBe(requestsIn(own));
    counted += requestsIn(own);
  }
  expect(counted).toBe(target.count);
});

test('another master goes on with the next second', async () => {
  await using cluster = await startWith("startWith(4).hold('30s')");
  cluster.addWorker('w1');
  await cluster.until(({ elapsedMs }) => elapsedMs > 2_500);
  await cluster.killMaster();
  cluster.startMasterAgain();
  await cluster.master.prints(/Resuming run/);
  await cluster.until(({ elapsedMs, workers }) => elapsedMs > 5_500 && workers.missing === 0);
  await cluster.order('stop');
  const result = await cluster.result();
  expect(result.totals.requests).toBe(target.count);
  const numbers = lines<RunInterval>(folder, 'seconds').map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  expect(numbers.at(-1)).toBe(result.timeline.length);
  // At most the seconds are missing that no hook had received when the master was killed.
  expect(result.timeline.length - numbers.length).toBeLessThanOrEqual(2);
  // On a busy machine, the restart may take longer than ten seconds.
  const tens = lines<RunInterval>(folder, 'tens').map(({ number }) => number);
  const last = tens.pop();
  expect(last).toBe(result.timeline.length);
  expect(tens).toEqual(tens.map((_, index) => 10 * (index + 1)));
});
