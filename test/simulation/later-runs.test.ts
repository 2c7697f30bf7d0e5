// Several runs one after the other over one cluster, with faults between and during them.
import { expect, test } from '@jest/globals';
import { simulate, type Outcome } from '../../scripts/dist/simulation/simulate.js';
import type { LaterRun, Schedule, Step } from '../../scripts/dist/simulation/schedule.js';
import { scheduleOf } from './schedules.js';

/** Eight users for five seconds. The first run of each schedule ends at about 6 s. */
const load: Schedule['load'] = {
  fromUsers: 0,
  stages: [
    { durationMs: 1_000, toUsers: 8 },
    { durationMs: 4_000, toUsers: 8 },
  ],
};
const endless: Schedule['load'] = { fromUsers: 8, stages: [{ durationMs: null, toUsers: 8 }] };

/** The exit of a run that counted everything. One simulated request in twenty fails. */
const counted: unknown = expect.stringMatching(/^(passed|requests-failed)$/);

function laterRun(otherwise: Partial<LaterRun> = {}): LaterRun {
  const { userTypes, laneGroups } = scheduleOf([]);
  const run = { load, userTypes, laneGroups, hasSetup: false, pauseMs: 2_000, joins: 0, expectWorkers: 2 };
  return { ...run, ...otherwise };
}

/** Plays runs and returns the outcome with all log lines. Expects that nothing is violated. */
async function play(
  steps: readonly Step[],
  laterRuns: readonly LaterRun[],
  otherwise: Partial<Schedule> = {},
): Promise<Outcome & { readonly log: string }> {
  const lines: string[] = [];
  const schedule = scheduleOf(steps, { load, laterRuns, calmAtMs: 30_000, ...otherwise });
  const outcome = await simulate(schedule, (line) => lines.push(line));
  const log = lines.join('\n');
  expect([outcome.violations, log]).toEqual([[], log]);
  return { ...outcome, log };
}

/** How often the workers and the master stated that something was cut off or lost. */
function losses(log: string): number {
  return log.match(/Its users stop|Not delivered|is missing|could not load/g)?.length ?? 0;
}

test('three runs with different plans use the same workers, and workers drop a complete run silently', async () => {
  const grouped = laterRun({
    hasSetup: true,
    userTypes: [
      { name: 'reader', weight: 3, laneGroup: 'default', tasks: ['get'] },
      { name: 'writer', weight: 1, laneGroup: 'heavy', tasks: ['get'] },
    ],
    laneGroups: [
      { name: 'default', users: 8 },
      { name: 'heavy', users: 2, lanes: 2 },
    ],
  });
  const { exits, log } = await play([], [grouped, laterRun({ pauseMs: 0 })]);
  expect(exits).toEqual([counted, counted, counted]);
  expect(losses(log)).toBe(0);
  expect(log.match(/: Joined memory/g)).toHaveLength(2);
});

test('a worker joins and another leaves between two runs', async () => {
  const { exits, log } = await play([{ atMs: 7_000, do: 'leave', worker: 0 }], [laterRun({ joins: 1 })]);
  expect(exits).toEqual([counted, counted]);
  expect(losses(log)).toBe(0);
  const [, secondRun] = log.split('worker w0 is asked to leave');
  expect(secondRun).not.toContain('Worker w0');
  expect(secondRun).toContain('Worker w1 joined');
  expect(secondRun).toContain('Worker w2 joined');
});

test('a worker that missed the change of the run, because the message was lost, takes part in the next', async () => {
  const lost = [5_000, 6_500].map((atMs) => ({ atMs, do: 'lose', worker: 0, message: 'welcome' }) as const);
  const { exits, log, lastedMs } = await play(lost, [laterRun()]);
  expect(exits).toEqual([counted, counted]);
  expect(losses(log)).toBe(0);
  // Otherwise the second run waits for it at the end, in simulated time.
  expect(lastedMs).toBeLessThan(20_000);
});

test('a worker that was unreachable while the run changed reports what was not delivered, and joins the next', async () => {
  const { exits, log } = await play(
    [{ atMs: 4_000, do: 'cut', worker: 0, how: 'refuses', forMs: 6_000 }],
    [laterRun({ load: endless, expectWorkers: 1 })],
  );
  expect(exits).toEqual(['worker-lost', counted]);
  expect(log).toMatch(/w0: The master at memory:\/\/hub no longer has this run\. Its users stop\./);
  expect(log).toMatch(/w0: Not delivered to a master: \d+ requests/);
});

test('a master that is killed in the second run resumes that run and loses nothing', async () => {
  const { exits, log } = await play(
    [{ atMs: 11_000, do: 'killMaster', backAfterMs: 1_000 }],
    [laterRun({ load: endless }), laterRun()],
  );
  expect(exits).toEqual([counted, counted, counted]);
  expect(log).toMatch(/Worker w0 is back[\s\S]*Worker w0 joined/);
  expect(log).not.toMatch(/Its users stop|Not delivered/);
});

test('messages that overtake each other while the run changes do not take a worker out of the next run', async () => {
  const network = { minDelayMs: 20, maxDelayMs: 420, dropped: 0, repeated: 0, reorders: true };
  const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
  for (const seed of seeds) {
    const endsLater = laterRun({ pauseMs: 0, load: endless });
    const { exits } = await play([], [endsLater], { seed, workers: 4, network, calmAtMs: 12_000 });
    expect(exits).toEqual([counted, counted]);
  }
});

test('a lane that is killed again and again while its worker is idle is there in the next run', async () => {
  const kills = [8, 9.5, 11, 13, 15, 17.5, 20].map(
    (s) => ({ atMs: s * 1_000, do: 'killLane', worker: 0, lane: 0 }) as const,
  );
  const { exits, log } = await play(kills, [laterRun({ pauseMs: 20_000 })]);
  expect(exits).toEqual([counted, counted]);
  expect(losses(log)).toBe(0);
});

test('a master that is killed between two runs begins the second with the same workers', async () => {
  const { exits, log } = await play([{ atMs: 7_000, do: 'killMaster', backAfterMs: 1_000 }], [laterRun()]);
  expect(exits).toEqual([counted, counted]);
  expect(losses(log)).toBe(0);
});
