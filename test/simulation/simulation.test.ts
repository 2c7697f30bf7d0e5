import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { simulate } from '../../scripts/dist/simulation/simulate.js';
import { randomSchedule } from '../../scripts/dist/simulation/random-schedule.js';

const program = fileURLToPath(new URL('../../scripts/dist/simulation/main.js', import.meta.url));

test('random fault schedules: counted once, shares sum to the plan, every run ends', async () => {
  // A failing schedule appears in the error, because it is part of the program's output.
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--schedules', '180']);
  expect(stdout).toContain('180 schedules');
}, 180_000);

test('a schedule always ends the same way', async () => {
  const schedule = randomSchedule(6);
  const once = await simulate(schedule);
  expect(once.requests).toBeGreaterThan(0);
  expect(await simulate(schedule)).toEqual(once);
});
