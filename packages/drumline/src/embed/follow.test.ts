import { expect, test } from '@jest/globals';
import { ApiError, type EventOptions, type RunResult, type StatsView } from '@drumline/client';
import type { RunEventView } from '@drumline/wire';
import { followDetails, followSeconds, type FollowedRun } from './follow.js';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const END = { type: 'end', exitCode: 0, exit: 'passed', verdict: 'passed', reasons: [] } as RunEventView;

const pointOf = (number: number, requests: number) =>
  ({ at: new Date(START + (number - 1) * 1_000).toISOString(), requests }) as never;
const interval = (number: number, requests = number) =>
  ({ type: 'interval', number, point: pointOf(number, requests) }) as unknown as RunEventView;
const correction = (number: number, requests: number) =>
  ({ type: 'correction', number, point: pointOf(number, requests) }) as RunEventView;

/** A run with these events, which may end in an error, and with this final count of each second. */
function runOf(
  events: readonly (RunEventView | Error)[],
  final: readonly number[],
): FollowedRun & { asked: EventOptions['after'][]; elapsedMs: number } {
  const run = {
    asked: [] as EventOptions['after'][],
    elapsedMs: 0,
    gone: new AbortController().signal,
    finished: Promise.resolve({
      run: { startedAt: new Date(START).toISOString() },
      timeline: final.map((requests, index) => pointOf(index + 1, requests)),
    } as unknown as RunResult),
    client: {
      events: async function* ({ after }: EventOptions = {}) {
        run.asked.push(after);
        for (const event of events) {
          if (event instanceof Error) throw event;
          yield event;
        }
      },
      stats: () => Promise.resolve({ elapsedMs: run.elapsedMs } as StatsView),
    },
  };
  return run;
}

async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of from) items.push(item);
  return items;
}

const counts = (seconds: readonly { number: number; requests: number; corrected?: true }[]) =>
  seconds.map(({ number, requests, corrected }) => [number, requests, ...(corrected ? ['corrected'] : [])]);

test('every second is yielded once, in order, although the master repeats some', async () => {
  const events = [interval(1), interval(2), interval(2), interval(1), interval(3), END];
  const run = runOf(events, [1, 2, 3]);
  expect(counts(await all(followSeconds(run, {})))).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(run.asked).toEqual([0]);
});

test('seconds that were not read before the control API ended come from the result', async () => {
  const run = runOf([interval(3), new ApiError('unreachable', 'gone')], [1, 2, 30, 40, 50]);
  expect(counts(await all(followSeconds(run, { after: 2 })))).toEqual([
    [3, 3],
    [4, 40],
    [5, 50],
  ]);
  expect(run.asked).toEqual([2]);
});

test('with corrections, the latest figures of all seconds are those of the result', async () => {
  const through = [interval(1), interval(2), correction(1, 10), correction(9, 9), END];
  expect(counts(await all(followSeconds(runOf(through, [10, 2]), { corrections: true })))).toEqual([
    [1, 1],
    [2, 2],
    [1, 10, 'corrected'],
  ]);
  // The correction of the first second was lost with the connection.
  const cut = runOf([interval(1), new ApiError('unreachable', 'gone')], [10, 2]);
  expect(counts(await all(followSeconds(cut, { corrections: true })))).toEqual([
    [1, 1],
    [1, 10, 'corrected'],
    [2, 2],
  ]);
});

test('a signal ends the iteration with its reason', async () => {
  const stop = new AbortController();
  const seconds = followSeconds(runOf([interval(1), new Error('aborted')], [1, 2]), { signal: stop.signal });
  await seconds.next();
  stop.abort(new Error('enough'));
  await expect(seconds.next()).rejects.toThrow('enough');
});

test('details follow every tenth second, and a slow reader gets the latest ones only', async () => {
  const events = [...Array.from({ length: 60 }, (_, index) => interval(index + 1)), END];
  const run = runOf(events, []);
  const details = followDetails(run, {});
  const numbers: number[] = [];
  run.elapsedMs = 10_100;
  numbers.push((await details.next()).value!.number);
  run.elapsedMs = 20_100;
  numbers.push((await details.next()).value!.number);
  // The reader was busy for thirty seconds.
  run.elapsedMs = 55_100;
  numbers.push((await details.next()).value!.number);
  run.elapsedMs = 60_100;
  numbers.push((await details.next()).value!.number);
  expect(numbers).toEqual([10, 20, 30, 60]);
  expect((await details.next()).done).toBe(true);
});
