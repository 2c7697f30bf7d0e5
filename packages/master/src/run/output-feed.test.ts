import { expect, test } from '@jest/globals';
import type { IntervalEvent } from '@drumline/stats';
import type { RunResult } from '@drumline/wire';
import { IntervalStream } from '../intervals/interval-stream.js';
import { EventBus } from './event-bus.js';
import { OutputFeed } from './output-feed.js';
import type { RunOutputs } from './run-outputs.js';

const CLOCK = { startedAt: new Date(0) };
const second = (number: number): IntervalEvent => ({ type: 'reset', fromSecond: number });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Outputs that keep what they get. */
function openRecorder() {
  const got: number[] = [];
  const outputs: RunOutputs = {
    begin: ({ fromSecond }) => void got.push(-fromSecond),
    interval: (_, position) => void got.push(position),
    event: () => {},
    views: [],
    sent: {},
    end: () => Promise.resolve(),
  };
  return { got, outputs };
}

/** A feed whose outputs are opened on request, over a store that commits on request. */
function openFeed() {
  const stream = new IntervalStream(() => {});
  const recorder = openRecorder();
  let [open, commit] = [(): void => {}, (): void => {}];
  const feed = new OutputFeed({
    id: 'r',
    scenarioName: 'shop.ts',
    planned: undefined,
    intervals: { stream },
    events: new EventBus(() => {}),
    notes: { add: () => {}, all: [] },
    writer: { isKeeping: true, saved: () => new Promise((resolve) => void (commit = resolve)) },
    options: {
      openOutputs: () =>
        new Promise((resolve) => {
          open = () => resolve(recorder.outputs);
        }),
    },
  });
  return { feed, stream, got: recorder.got, open: () => open(), commit: () => commit() };
}

test('outputs that open late get what was stored since the run was resumed', async () => {
  const { feed, stream, got, open, commit } = openFeed();
  feed.begin(CLOCK, 20, () => {});
  stream.emit(second(20));
  stream.emit(second(21));
  await turn();
  commit();
  await turn();
  expect(got).toEqual([]);
  open();
  await turn();
  expect(got).toEqual([-20, 1, 2]);
});

test('an event waits for its commit, and the end waits for all of them', async () => {
  const { feed, stream, got, open, commit } = openFeed();
  feed.begin(CLOCK, 0, () => {});
  open();
  await turn();
  stream.emit(second(0));
  await turn();
  expect(got).toEqual([-0]);
  const ended = feed.end(() => ({ state: 'a result' }) as unknown as RunResult);
  await turn();
  expect(got).toEqual([-0]);
  commit();
  expect(await ended).toMatchObject({ state: 'a result', outputs: [], notes: [] });
  expect(got).toEqual([-0, 1]);
});
