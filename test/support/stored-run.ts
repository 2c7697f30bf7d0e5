import { encodeUsers, rampAndHold, usersLoad } from '@drumline/model';
import { Recorder, type IntervalDelta } from '@drumline/stats';
import type { StoredRun, StoredWorker } from '@drumline/master/store';

const LOAD = usersLoad(rampAndHold(5), [{ name: 'user', weight: 1 }]);

/** A run as a master stores it at its start. */
export function storedRun(fields: Partial<StoredRun> = {}): StoredRun {
  return {
    runId: 'abcdef01-2345-6789-abcd-ef0123456789',
    scenario: '/home/me/shop.ts',
    bundle: { id: 'b1', code: 'export default {}' },
    plan: {
      name: 'shop',
      target: 'http://localhost:1234',
      userTypes: [{ name: 'Buyer', weight: 1, laneGroup: 'default', tasks: ['buy'] }],
      laneGroups: [{ name: 'default', users: 5 }],
      load: LOAD,
      tags: { include: [], exclude: [] },
      stopTimeoutMs: 0,
      maxSeries: 1_000,
      hasSetup: false,
      hasTeardown: false,
      seed: 1,
      masterHooks: [],
    },
    drumline: '0.1.0',
    createdAt: '2026-01-01T00:00:00.000Z',
    workerAddress: 'tcp://127.0.0.1:4711',
    state: 'running',
    epoch: 1,
    load: LOAD,
    placement: [[{ lane: 'w1/0', items: Buffer.from(encodeUsers([0, 1, 2, 3, 4])).toString('base64') }]],
    notes: [],
    fromSecond: 0,
    ...fields,
  };
}

export function storedWorker(fields: Partial<StoredWorker> = {}): StoredWorker {
  return {
    peer: 'p1',
    id: 'w1',
    hello: {
      type: 'hello',
      protocol: 3,
      version: '0.1.0',
      instance: 'i1',
      name: 'w1',
      host: 'box',
      pid: 1,
      lanes: 1,
      node: 'v20.19.0',
      orphanGraceMs: 30_000,
    },
    state: 'running',
    laneGroups: ['default'],
    brokenLanes: [],
    mergedSeq: 1,
    requests: 3,
    pace: [],
    placedUsers: [],
    peakLaneCpu: [0.25],
    peakControlCpu: 0.5,
    peakMemoryBytes: 5_000_000_000,
    longestHeartbeatGapMs: 1_000.5,
    ...fields,
  };
}

/**
 * The counts of a lane with this many requests in a second. One of them fails, unless there are
 * none.
 */
export function counted(second: number, requests: number, name = '/'): IntervalDelta[] {
  const recorder = new Recorder(0);
  for (let i = 0; i < requests; i++) {
    recorder.record({
      series: { protocol: 'http', method: 'GET', name, user: 'Buyer', tags: [] },
      outcome: i === 0 ? 'failed' : 'passed',
      ...(i === 0 && { failure: 'status 500' }),
      endedAtMs: second * 1_000 + i / requests,
      durationUs: 1_000 + i,
      bytesSent: 10,
      bytesReceived: 20,
    });
  }
  return recorder.close((second + 1) * 1_000);
}
