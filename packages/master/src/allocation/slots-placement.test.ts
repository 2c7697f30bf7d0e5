import { describe, expect, test } from '@jest/globals';
import { decodeUsers, encodeUsers, runSteps, type LoadPart, type Plan } from '@drumline/model';
import type { Heartbeat } from '@drumline/wire';
import { Dispatch } from './dispatch.js';
import type { Participant } from './participant.js';

const arrivals: LoadPart = {
  phase: '',
  types: [0, 1],
  startMs: 0,
  workload: {
    kind: 'arrivals',
    rate: { fromPerSecond: 100, stages: [{ durationMs: 60_000, toPerSecond: 100 }] },
    order: { kind: 'even' },
    maxConcurrent: 120,
  },
};

const plan = {
  userTypes: [
    { name: 'reader', weight: 3, laneGroup: 'default', tasks: [] },
    { name: 'writer', weight: 1, laneGroup: 'heavy', tasks: [] },
  ],
  laneGroups: [
    { name: 'default', users: 90 },
    { name: 'heavy', users: 30 },
  ],
  load: { parts: [arrivals] },
} as unknown as Plan;

function workersOf(count: number, groups = ['default', 'heavy']): Participant[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `w${index}`;
    const lanes = { laneGroups: groups, brokenLanes: new Set() };
    return { id, hello: { name: id }, state: 'running', ...lanes } as never;
  });
}

interface Placed {
  readonly lane: number;
  readonly grant: number;
  readonly from: number;
  readonly untilMs?: number;
  readonly slots: number[];
}

/** What the lanes of a worker are told. */
function sharesOf(dispatch: Dispatch, worker: Participant): Placed[] {
  return dispatch.assignmentOf(worker).lanes.flatMap(({ lane, shares }) =>
    shares.map(({ items, grant, from, untilMs }) => ({
      lane,
      grant: grant!,
      from: from!,
      ...(untilMs !== undefined && { untilMs }),
      slots: decodeUsers(items),
    })),
  );
}

function place(
  dispatch: Dispatch,
  workers: Participant[],
  runMs: number,
  leaving: Participant[] = [],
): string[] {
  return runSteps(dispatch.placing(workers, runMs, { leaving: new Set(leaving), holding: [] })).map(
    ({ id }) => id,
  );
}

/** The lanes of a worker accept their releases. */
function answer(dispatch: Dispatch, worker: Participant): boolean {
  const answers = sharesOf(dispatch, worker).flatMap(({ lane, grant, untilMs, slots }) =>
    untilMs === undefined ? [] : [{ lane, part: 0, grant, items: encodeUsers(slots), position: untilMs }],
  );
  return answers.map((one) => dispatch.handOver(worker, one)).includes(true);
}

const countOf = (shares: Placed[]): number => shares.reduce((sum, { slots }) => sum + slots.length, 0);

test('all slots are granted at the start, each to a lane of its group', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(3);
  place(dispatch, workers, 0);
  const shares = workers.flatMap((worker) => sharesOf(dispatch, worker));
  expect(shares.map(({ lane, from, slots }) => [lane, from, slots.length])).toEqual(
    workers.flatMap(() => [
      [0, 0, 30],
      [1, 0, 10],
    ]),
  );
  expect(new Set(shares.flatMap(({ slots }) => slots)).size).toBe(120);
});

describe('a worker that joins', () => {
  test('gets slots when the others have handed them over, from the time on to which they keep them', () => {
    const dispatch = new Dispatch('r1', plan);
    const [first, second] = workersOf(2) as [Participant, Participant];
    place(dispatch, [first], 0);
    place(dispatch, [first, second], 5_000);
    expect(sharesOf(dispatch, second)).toEqual([]);
    const released = sharesOf(dispatch, first).filter(({ untilMs }) => untilMs !== undefined);
    expect(released.map(({ untilMs, slots }) => [untilMs, slots.length])).toEqual([
      [6_000, 45],
      [6_000, 15],
    ]);

    expect(answer(dispatch, first)).toBe(true);
    expect(answer(dispatch, first)).toBe(false);
    place(dispatch, [first, second], 5_100);
    expect(sharesOf(dispatch, second).map(({ from, slots }) => [from, slots])).toEqual(
      released.map(({ slots }) => [6_000, slots]),
    );
    // The first one is still told to go on with them until then.
    expect(countOf(sharesOf(dispatch, first))).toBe(120);
    place(dispatch, [first, second], 9_000);
    expect(countOf(sharesOf(dispatch, first))).toBe(60);
  });
});

test('a worker that leaves hands everything over before it stops', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(2) as [Participant, Participant];
  place(dispatch, workers, 0);
  const [stays, leaves] = workers;
  expect(dispatch.busyUntilMs(leaves)).toBe(Infinity);
  place(dispatch, workers, 5_000, [leaves]);
  answer(dispatch, leaves);
  expect(dispatch.busyUntilMs(leaves)).toBe(6_000);
  place(dispatch, workers, 5_050, [leaves]);
  expect(countOf(sharesOf(dispatch, stays))).toBe(120);
  expect(sharesOf(dispatch, stays).filter(({ from }) => from === 6_000)).toHaveLength(2);
});

test('the slots of a lost worker are granted from now on, without an answer', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(2) as [Participant, Participant];
  place(dispatch, workers, 0);
  place(dispatch, workers.slice(0, 1), 7_500);
  expect(sharesOf(dispatch, workers[0]).map(({ from, slots }) => [from, slots.length])).toEqual([
    [0, 45],
    [7_500, 45],
    [0, 15],
    [7_500, 15],
  ]);
});

test('a lane that crashed is given new grants only', () => {
  const dispatch = new Dispatch('r1', plan);
  const [worker] = workersOf(1) as [Participant];
  place(dispatch, [worker], 0);
  const [crashed] = sharesOf(dispatch, worker) as [Placed];
  worker.brokenLanes.add(0);
  place(dispatch, [worker], 3_000);
  // There is no other lane of the group.
  expect(sharesOf(dispatch, worker)[0]).toEqual(crashed);
  const { lane, grant, slots } = crashed;
  dispatch.handOver(worker, { lane, part: 0, grant, items: encodeUsers(slots), position: 2_900 });
  place(dispatch, [worker], 3_020);
  worker.brokenLanes.delete(0);
  place(dispatch, [worker], 4_000);
  const [restarted] = sharesOf(dispatch, worker) as [Placed];
  expect(restarted.grant).not.toBe(crashed.grant);
  expect(restarted).toMatchObject({ lane: 0, from: 4_000, slots });
});

test('a pause hands slots over at once, because nothing is due', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(2) as [Participant, Participant];
  place(dispatch, workers.slice(0, 1), 0);
  dispatch.pausedAtMs = 4_000;
  place(dispatch, workers, 4_000);
  const released = sharesOf(dispatch, workers[0]).filter(({ untilMs }) => untilMs !== undefined);
  expect(released.map(({ untilMs }) => untilMs)).toEqual([4_000, 4_000]);
});

test('another master knows every grant, release and free slot of the last placement', () => {
  const before = new Dispatch('r1', plan);
  const workers = workersOf(3) as [Participant, Participant, Participant];
  place(before, workers.slice(0, 1), 0);
  place(before, workers.slice(0, 2), 5_000);
  answer(before, workers[0]);
  place(before, workers.slice(0, 2), 5_100);
  place(before, workers, 5_200);
  const { epoch, load, shares: placement } = before;
  const after = new Dispatch('r1', plan);
  after.restore({ epoch, load, placement, clock: { pausedBeforeMs: 0 } });
  for (const worker of workers) {
    after.readmit(worker);
    expect(sharesOf(after, worker)).toEqual(sharesOf(before, worker));
  }
  expect(after.shares).toEqual(placement);
  // It goes on with the handover.
  answer(after, workers[0]);
  answer(after, workers[1]);
  place(after, workers, 5_400);
  expect(countOf(sharesOf(after, workers[2]))).toBe(40);
});

function hear(dispatch: Dispatch, worker: Participant, position: number, runMs: number, active = 0): void {
  const positions = [{ lane: 0, part: 0, position, active }];
  dispatch.hear(worker, { epoch: dispatch.epoch, positions } as Partial<Heartbeat> as Heartbeat, runMs);
}

test('starts that were due before a worker knew of its slots are at risk until it has reported them', () => {
  const arrivalsPlan = { ...plan, laneGroups: [{ name: 'default', users: 120 }] };
  const dispatch = new Dispatch('r1', { ...arrivalsPlan, load: { parts: [{ ...arrivals, types: [0] }] } });
  const workers = workersOf(2, ['default']) as [Participant, Participant];
  const [first, second] = workers;
  place(dispatch, workers, 0);
  for (const worker of workers) hear(dispatch, worker, 500, 1_000);
  expect(dispatch.starts.overdueOn(first, 2_000)).toBe(0);
  place(dispatch, [first], 3_000);
  // It begins late what was due on these slots between 3 and 5 seconds.
  expect(dispatch.starts.overdueOn(first, 5_000)).toBe(100);
  hear(dispatch, first, 6_000, 6_000);
  expect(dispatch.starts.overdueOn(first, 5_500)).toBe(125);
  expect(dispatch.starts.overdueOn(first, 6_000)).toBe(0);
  // What the lost worker had is not forgotten.
  expect(dispatch.starts.overdueOn(second, 900)).toBe(45);
});

describe('a fixed number of iterations', () => {
  const fixed: LoadPart = {
    phase: '',
    types: [0],
    startMs: 0,
    workload: { kind: 'fixed', total: 1_000, users: 10, each: false, limitMs: null },
  };
  const fixedPlan = { ...plan, load: { parts: [fixed] } };
  const groups = ['default'];

  test('is over when every lane has begun its last one and none is under way', () => {
    const dispatch = new Dispatch('r1', fixedPlan);
    const workers = workersOf(2, groups) as [Participant, Participant];
    place(dispatch, workers, 0);
    for (const worker of workers) hear(dispatch, worker, 500, 1_000);
    expect(dispatch.finishedParts(1_000)).toEqual([]);
    hear(dispatch, workers[0], 1_000, 2_000);
    hear(dispatch, workers[1], 1_001, 2_000, 1);
    expect(dispatch.finishedParts(2_000)).toEqual([]);
    hear(dispatch, workers[1], 1_001, 2_100);
    expect(dispatch.finishedParts(2_100)).toEqual([0]);
  });

  test('goes on elsewhere with the numbers that a lost worker had not begun', () => {
    const dispatch = new Dispatch('r1', fixedPlan);
    const workers = workersOf(2, groups) as [Participant, Participant];
    place(dispatch, workers, 0);
    hear(dispatch, workers[0], 1_000, 1_000);
    hear(dispatch, workers[1], 640, 1_000);
    place(dispatch, workers.slice(0, 1), 3_000);
    expect(sharesOf(dispatch, workers[0]).map(({ from }) => from)).toEqual([0, 640]);
    // What the other lane reported before it knew that does not count.
    expect(dispatch.finishedParts(3_100)).toEqual([]);
    hear(dispatch, workers[0], 1_000, 3_100);
    expect(dispatch.finishedParts(3_100)).toEqual([]);
    hear(dispatch, workers[0], 1_000, 4_000);
    expect(dispatch.finishedParts(4_000)).toEqual([0]);
  });

  test('is handed over at the number that a lane has reached, without a time', () => {
    const dispatch = new Dispatch('r1', fixedPlan);
    const workers = workersOf(2, groups) as [Participant, Participant];
    place(dispatch, workers.slice(0, 1), 0);
    place(dispatch, workers, 5_000);
    const released = sharesOf(dispatch, workers[0]).find(({ untilMs }) => untilMs !== undefined)!;
    const { lane, grant, slots } = released;
    dispatch.handOver(workers[0], { lane, part: 0, grant, items: encodeUsers(slots), position: 321 });
    place(dispatch, workers, 5_100);
    expect(sharesOf(dispatch, workers[1])).toMatchObject([{ from: 321, slots }]);
    expect(countOf(sharesOf(dispatch, workers[0]))).toBe(5);
  });
});
