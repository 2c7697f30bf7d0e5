// The short form of `npm run soak:runs`: runs one after the other and side by side on one service.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { planScenario, type Planned } from '../../scripts/dist/runs/local-cluster.js';
import { ServedCluster } from '../../scripts/dist/runs/served-cluster.js';
import { executeCounted, sizesOf } from '../../scripts/dist/soak/consecutive.js';
import { scenarioPath } from '../support/drumline.js';
import { codesOf } from '../support/note-codes.js';

jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'drumline-test-'));
let cluster: ServedCluster;
let planned: Planned;
beforeAll(async () => {
  [cluster, planned] = await Promise.all([
    ServedCluster.open(folder),
    planScenario(scenarioPath('quick'), { runTimeMs: 1_000 }),
  ]);
  for (const name of ['w1', 'w2', 'w3']) cluster.join(name, '--lanes', '1');
  await cluster.haveJoined(3);
});
afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true });
});

const plan = (target: string): Planned => ({ ...planned, plan: { ...planned.plan, target } });

/** What each process has open at rest. Lanes that are being replaced have more. */
async function leastOpen(): Promise<number[]> {
  let least: number[] = [];
  for (let sample = 0; sample < 5; sample += 1) {
    const now = [...sizesOf(cluster).values()].map(({ handles, children }) => handles + children);
    least = now.map((count, index) => Math.min(count, least[index] ?? Infinity));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return least;
}

test('five runs on three workers count exactly what their targets saw, and leave nothing open', async () => {
  const open: number[][] = [];
  for (let number = 1; number <= 5; number += 1) {
    const { result, seen } = await executeCounted(cluster, plan);
    expect([result.totals.requests, codesOf(result), result.workers.length]).toEqual([seen, [], 3]);
    open.push(await leastOpen());
  }
  // The first runs open what stays, such as the connections of the client.
  const [, second, , , last] = open;
  for (const [index, count] of last!.entries()) expect(count).toBeLessThanOrEqual(second![index]! + 6);
});

test('two runs at once on disjoint workers do not touch each other when one is stopped', async () => {
  const [stopped, beside] = await Promise.all([
    executeCounted(cluster, plan, 1, async (runId) => {
      await cluster.client.run(runId).stop();
    }).catch((error: Error) => error),
    executeCounted(cluster, plan, 2),
  ]);
  expect(beside.result.totals.requests).toBe(beside.seen);
  expect([codesOf(beside.result), beside.result.workers.length]).toEqual([[], 2]);
  if (!(stopped instanceof Error)) expect(stopped.result.totals.requests).toBe(stopped.seen);
});
