import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { RunRegister } from './run-register.js';

test('runs of older files, which have no name of the scenario, get it from their plan', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'drumline-register-'));
  try {
    await RunRegister.open(directory, () => {});
    const waiting = { runId: 'a', order: 1, scenario: 'shop.ts', submission: planOf('shop') };
    const ended = { runId: 'b', order: 2, scenario: 'shop.ts', end: {} };
    for (const run of [waiting, ended])
      await writeFile(join(directory, 'queue', `${run.runId}.json`), JSON.stringify(run));
    const { all } = await RunRegister.open(directory, () => {});
    expect(all.map(({ scenario, scenarioPath }) => [scenario, scenarioPath])).toEqual([
      ['shop', 'shop.ts'],
      ['shop.ts', 'shop.ts'],
    ]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

function planOf(name: string): object {
  return { submission: { plan: { name } } };
}
