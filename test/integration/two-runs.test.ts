// Runs one after the other over one cluster, in one process, on the same worker processes.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Cluster, Run } from '@drumline/master/testing';
import type { PlanOverrides } from '@drumline/model';
import { bundleScenario, ScenarioHost, stopBundler } from '@drumline/scenario/project';
import { bindMasterLink, type RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { eventually, scenarioPath, startWorker, type Drumline } from '../support/drumline.js';
import { codesOf } from '../support/note-codes.js';

const terms = { heartbeatMs: 500, missingAfterMs: 5_000 };

let cluster: Cluster;
let workers: Drumline[];
const log: string[] = [];

beforeEach(async () => {
  log.length = 0;
  workers = [];
  cluster = new Cluster(await bindMasterLink('tcp://127.0.0.1:0'), terms, (line) => log.push(line));
});

afterEach(async () => {
  await cluster.close('the test is over');
  for (const worker of workers) await worker[Symbol.asyncDispose]();
});

function join(name: string): Drumline {
  const worker = startWorker(cluster.address, name);
  workers.push(worker);
  return worker;
}

interface Measured {
  readonly result: RunResult;
  /** The target's own count. */
  readonly seen: number;
}

/**
 * Executes a scenario of `test/scenarios` against a target that sees only this run.
 * @param during called while its users run
 */
async function execute(
  name: string,
  expectWorkers: number,
  { during, ...overrides }: PlanOverrides & { readonly during?: (run: Run) => void } = {},
): Promise<Measured> {
  const scenario = scenarioPath(name);
  const target = await startTarget();
  const host = new ScenarioHost((line) => log.push(line));
  try {
    const found = await host.readPlan(await bundleScenario(scenario), scenario, {
      ...overrides,
      target: target.url,
    });
    const options = { scenario, overrides, bind: cluster.address, api: null, autostart: true, dataDir: null };
    const run = new Run(
      { ...options, ...terms, expectWorkers, expectWorkersMaxWaitMs: 60_000 },
      cluster,
      host,
      (line) => log.push(line),
    );
    run.open(found.bundle, found.plan);
    if (during) void eventually(() => run.participants.users > 0 || undefined).then(() => during(run));
    const result = await run.outcome.finished;
    run.release();
    // Users that ran on would be counted.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { result, seen: target.count };
  } finally {
    host.close();
    await stopBundler();
    await target.close();
  }
}

function expectExact({ result, seen }: Measured, names: readonly string[]): void {
  const { totals, timeline, series, notes } = result;
  expect([totals.requests, codesOf({ notes })]).toEqual([seen, []]);
  expect(timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(seen);
  expect(series.reduce((sum, { requests }) => sum + requests, 0)).toBe(seen);
  expect(result.workers.map(({ id }) => id)).toEqual(names);
  for (const { requests } of result.workers) expect(requests).toBeGreaterThan(0);
}

test('two runs of different scenarios use the same workers, and each report equals the target’s count', async () => {
  const both = [join('w1'), join('w2')];
  const first = await execute('quick', 2);
  const second = await execute('prices', 2, { runTimeMs: 2_000 });
  expectExact(first, ['w1', 'w2']);
  expect(first.result.series.map(({ name }) => name)).toEqual(['/']);
  expect(second.result.run.id).not.toBe(first.result.run.id);
  expect(second.result.totals.requests).toBe(second.seen);
  expect(new Set(second.result.series.map(({ name }) => name))).toEqual(new Set(['all', 'some', 'refused']));
  expect(second.result.workers.map(({ id }) => id)).toEqual(['w1', 'w2']);
  await cluster.close('the test is over');
  for (const { ended } of both) expect(await ended).toMatchObject({ code: 0 });
  for (const { output } of both) {
    expect(output.match(/Joined/g)).toHaveLength(1);
    expect(output).not.toMatch(/Its users stop|Not delivered/);
  }
});

test('a worker joins and another leaves between two runs', async () => {
  const leaver = join('w1');
  join('w2');
  const first = await execute('quick', 2);
  leaver.signal('SIGTERM');
  expect(await leaver.ended).toMatchObject({ signal: null });
  join('w3');
  const second = await execute('quick', 2);
  expectExact(first, ['w1', 'w2']);
  expectExact(second, ['w2', 'w3']);
});

test('users of an aborted run stop, and the next run counts only its own requests', async () => {
  const worker = join('w1');
  const first = await execute('steady', 1, { during: (run) => run.abort() });
  expect(first.result.exit).toBe('interrupted');
  await worker.prints(/no longer has this run\. Its users stop/);
  expectExact(await execute('quick', 1), ['w1']);
});
