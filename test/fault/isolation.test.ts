// A run that harms its lanes costs the cluster nothing: its workers take part in the next run, and
// that one is counted exactly.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { LocalCluster, planScenario } from '../../scripts/dist/runs/local-cluster.js';
import { childrenOf } from '../../scripts/dist/soak/processes.js';
import { eventually, scenarioPath } from '../support/drumline.js';
import { codesOf } from '../support/note-codes.js';

let local: LocalCluster;
let target: Target;
/** Sees only the requests of hostile runs. */
let victim: Target;
beforeAll(async () => {
  [local, target, victim] = await Promise.all([LocalCluster.open(), startTarget(), startTarget()]);
  for (const name of ['w1', 'w2']) local.join(name, '--lanes', '1', '--lane-heap', '64');
  await local.haveIdle(2);
});
afterAll(async () => {
  await local.close();
  await Promise.all([target.close(), victim.close()]);
});

function lanes(): number[] {
  return local.workers.flatMap(({ pid }) => childrenOf(pid));
}

/** Begins a run whose lanes are harmed. Resolves when they are. */
async function harm(how: string, workers: number): Promise<{ end(): Promise<unknown> }> {
  const before = victim.count;
  const planned = await planScenario(scenarioPath('hostile'), { target: victim.url });
  const environment = { ...planned.plan.environment, HARM: how };
  const { run, finished } = local.begin({ ...planned, plan: { ...planned.plan, environment } }, workers);
  const ended = finished.catch((error: Error) => error);
  await eventually(() => run.participants.present.length === workers || undefined);
  if (how !== 'load') await eventually(() => victim.count > before || undefined);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return {
    end: async () => {
      if (run.started) run.abort();
      else run.stop('requested');
      return await ended;
    },
  };
}

/** Executes a run of two seconds that must be exact. */
async function execute(workers: number): Promise<RunResult> {
  const before = target.count;
  const planned = await planScenario(scenarioPath('quick'), { target: target.url });
  const { finished } = local.begin(planned, workers);
  const result = await finished;
  // Users that ran on would be counted.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([result.totals.requests, codesOf(result)]).toEqual([target.count - before, []]);
  for (const worker of result.workers) expect(worker.requests).toBeGreaterThan(0);
  return result;
}

test.each(['hang', 'memory', 'exit', 'load'])(
  'after a run that harms its lanes (%s), all workers take part in the next with new processes',
  async (how) => {
    const hostile = await harm(how, 2);
    const harmed = lanes();
    await hostile.end();
    const result = await execute(2);
    expect(result.workers.map(({ id }) => id).sort()).toEqual(['w1', 'w2']);
    expect(lanes().filter((pid) => harmed.includes(pid))).toEqual([]);
  },
);

test('a run that harms its lanes does not touch a run on other workers', async () => {
  const hostile = await harm('exit', 1);
  const result = await execute(1);
  await hostile.end();
  expect(result.workers).toHaveLength(1);
  await execute(2);
});
