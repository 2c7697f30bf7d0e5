import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { simulate } from '../../scripts/dist/simulation/simulate.js';
import { randomSchedule } from '../../scripts/dist/simulation/random-schedule.js';

const program = fileURLToPath(new URL('../../scripts/dist/simulation/main.js', import.meta.url));

test('with random faults, requests are counted once, shares sum to the plan, and every run ends', async () => {
  // The program prints a failing schedule, so the error contains it.
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--schedules', '60']);
  expect(stdout).toContain('60 schedules');
});

test('with random faults, each start of a load with a rate happens once, unless the report states it', async () => {
  const args = [program, '--open', '--schedules', '30'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toContain('30 schedules');
});

test('a schedule always has the same outcome', async () => {
  const schedule = randomSchedule(6);
  const once = await simulate(schedule);
  expect(once.requests).toBeGreaterThan(0);
  expect(await simulate(schedule)).toEqual(once);
});
