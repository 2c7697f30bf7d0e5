import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { phaseSuffix, RunningPhase } from './running-phase.js';

test('code of users in different phases keeps its phase after an await, also in callbacks', async () => {
  const running = new RunningPhase();
  running.track();
  const seen = await Promise.all(
    ['peak', 'quiet', undefined].map((phase) =>
      running.enter(phase, async () => {
        await turn();
        return await new Promise((resolve) => setTimeout(() => resolve(running.name), 1));
      }),
    ),
  );
  expect(seen).toEqual(['peak', 'quiet', undefined]);
  expect(running.name).toBeUndefined();
});

test('code is not tracked before anything needs it', () => {
  const running = new RunningPhase();
  expect(running.enter('peak', () => running.name)).toBeUndefined();
});

test('a tag of the scenario replaces the phase', () => {
  expect(phaseSuffix('peak', { phase: 'own', a: 'b' })).toBe('\0a\0b\0phase\0own');
  expect(phaseSuffix(undefined, undefined)).toBe('');
  for (const phase of ['peak', 'peak', 'quiet'])
    expect(phaseSuffix(phase, undefined)).toBe(`\0phase\0${phase}`);
});
