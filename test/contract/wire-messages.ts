import { encodeUsers, type SeriesKey } from '@drumline/model';
import { encodeCounts, encodeHistogram, Histogram, KeyDictionary } from '@drumline/stats';
import type { MasterMessage, WorkerMessage } from '@drumline/wire';

const latency = encodedTimes(5_000, 1);

const key: SeriesKey = {
  protocol: 'http',
  method: 'GET',
  name: '/',
  user: 'visitor',
  tags: [['region', 'eu']],
};

/** A series with every part, a check, and response times that are not in the series. */
const { counts: COUNTS } = encodeCounts(
  [
    {
      second: 12,
      series: [
        {
          key,
          requests: 8,
          failures: 1,
          interrupted: 1,
          resends: 2,
          bytesSent: 500,
          bytesReceived: 5_000_000_000,
          latency: encodedTimes(5_000, 5),
          statuses: [
            [200, 6],
            [503, 1],
          ],
          phases: { requests: 5, queuedMs: 0, connectMs: 3.5, sendMs: 0.125, waitMs: 40, receiveMs: 2.25 },
          errors: [
            {
              error: 'status 503',
              example: '/cart?id=7',
              occurrences: 1,
              firstSeenAtMs: 12_100.25,
              lastSeenAtMs: 12_100.25,
            },
          ],
        },
      ],
      checks: [{ name: 'is 200', passes: 4, fails: 1 }],
      metrics: [],
      exceptions: [],
      coarseLatency: encodedTimes(7_000, 2),
      windows: [{ key, fromSecond: 10, latency: encodedTimes(6_000, 3) }],
    },
  ],
  new KeyDictionary(),
);

function encodedTimes(us: number, times: number): Uint8Array {
  const histogram = new Histogram();
  histogram.record(us, times);
  return encodeHistogram(histogram);
}

/** One worker message of every type, with every field. */
export const WORKER_MESSAGES: { [T in WorkerMessage['type']]: Extract<WorkerMessage, { type: T }> } = {
  hello: {
    type: 'hello',
    protocol: 3,
    version: '0.1.0',
    instance: 'b7a1',
    name: 'worker-1',
    host: 'box',
    pid: 4_711,
    lanes: 4,
    node: 'v20.19.0',
    orphanGraceMs: 30_000,
    runId: 'r1',
  },
  heartbeat: {
    type: 'heartbeat',
    runId: 'r1',
    sentAtMs: 12_345.5,
    epoch: 3,
    cpu: 0.25,
    memoryBytes: 64_000_000,
    loopDelayMs: 1.5,
    roundTripMs: 0.75,
    lanes: [
      {
        lane: 0,
        state: 'running',
        users: 10,
        cpu: 0.5,
        busy: 0.75,
        memoryBytes: 80_000_000,
        loopDelayMs: 2.25,
        loopDelayP99Ms: 0.5,
        stalledMs: 0,
      },
    ],
    released: [{ lane: 0, part: 1, grant: 4_000_001, items: encodeUsers([0, 2]), position: 12_000.5 }],
    positions: [{ lane: 0, part: 2, position: 750, active: 3 }],
    isEnding: true,
    use: { openFiles: 61, ports: 40, throttledMs: 12.5 },
  },
  released: {
    type: 'released',
    runId: 'r1',
    epoch: 3,
    releases: [{ lane: 0, part: 1, grant: 4_000_001, items: encodeUsers([0, 2]), position: 12_000.5 }],
  },
  artifactRequest: { type: 'artifactRequest', runId: 'r1', artifactId: 'abc', offset: 262_144 },
  prepared: {
    type: 'prepared',
    runId: 'r1',
    problem: 'it throws',
    limits: {
      openFiles: 1_048_576,
      localPorts: 28_232,
      timeWaitReuse: 2,
      cpus: 4,
      cpuQuota: 1.5,
      memoryBytes: 8_000_000_000,
    },
  },
  phaseDone: {
    type: 'phaseDone',
    runId: 'r1',
    phase: 'setup',
    result: { tokens: ['a', 'b'] },
    problem: 'no',
  },
  laneIncident: {
    type: 'laneIncident',
    lane: 1,
    kind: 'crashed',
    reason: 'out of memory',
    stack: 'at buy (shop.ts:3:1)',
    stalledMs: 1_500,
    countsComplete: false,
  },
  statsReport: {
    type: 'statsReport',
    runId: 'r1',
    epoch: 3,
    seq: 7,
    dictionary: 1,
    keys: [
      [0, 'is 200'],
      [1, key],
    ],
    counts: COUNTS,
    rest: [
      {
        second: 12,
        metrics: [
          { kind: 'counter', name: 'orders', sum: 2 },
          { kind: 'gauge', name: 'queue', last: 3, lastAtMs: 12_000, min: 1, max: 9 },
          { kind: 'rate', name: 'hits', hits: 1, total: 2 },
          { kind: 'trend', name: 'cart', values: latency },
        ],
        exceptions: [
          {
            user: 'visitor',
            task: 'buy',
            message: 'x is not a function',
            stack: 'at buy (shop.ts:3:1)',
            occurrences: 1,
            firstSeenAtMs: 12_100,
            lastSeenAtMs: 12_100,
          },
        ],
        unlisted: latency,
        connections: [
          {
            kind: {
              protocol: 'h2',
              tlsVersion: 'TLSv1.3',
              cipher: 'TLS_AES_256_GCM_SHA384',
              handshake: 'resumed',
            },
            opened: 1,
            dns: latency,
            tcp: latency,
            tls: latency,
          },
        ],
      },
    ],
    findings: [{ kind: 'unset-variable', subject: 'REGION', count: 3 }],
    foldedToSeconds: 10,
  },
  sharedRequest: {
    type: 'sharedRequest',
    runId: 'r1',
    lane: 1,
    client: 4,
    seq: 17,
    ops: [{ kind: 'rows', table: 0, used: 250, back: [[990, 1_000]], idle: 40, need: 1, want: 200 }],
    isOver: true,
  },
  drained: { type: 'drained', runId: 'r1', killedLanes: [2] },
  leaving: { type: 'leaving', reason: 'SIGTERM' },
  goodbye: { type: 'goodbye', reason: 'dismissed', complete: true },
};

/** One master message of every type, with every field. */
export const MASTER_MESSAGES: { [T in MasterMessage['type']]: Extract<MasterMessage, { type: T }> } = {
  welcome: {
    type: 'welcome',
    runId: 'r1',
    sinceMs: 5.5,
    workerId: 'worker-1',
    heartbeatMs: 1_000,
    missingAfterMs: 3_000,
  },
  refused: { type: 'refused', reason: 'protocol', message: 'version 2', hint: 'update it' },
  heartbeatReply: {
    type: 'heartbeatReply',
    echoMs: 12_345.5,
    masterNowMs: 99_999.25,
    quantilesEverySeconds: 5,
    quantilesDelaySeconds: 2,
    leave: true,
  },
  prepare: {
    type: 'prepare',
    runId: 'r1',
    bundle: { id: 'abc', size: 1_024 },
    plan: {
      name: 'shop.ts',
      target: 'http://127.0.0.1:8080',
      userTypes: [
        { name: 'visitor', weight: 3, laneGroup: 'default' },
        { name: 'admin', weight: 1, fixedCount: 2, laneGroup: 'slow' },
      ],
      laneGroups: [
        { name: 'default', users: 8 },
        { name: 'slow', users: 2, lanes: 1 },
      ],
      maxSeries: 1_000,
      environment: { STAGE: 'test' },
      variablesHere: ['REGION'],
      tags: { include: ['fast'], exclude: ['slow'] },
      stopTimeoutMs: 30_000,
    },
  },
  artifactChunk: { type: 'artifactChunk', artifactId: 'abc', offset: 0, bytes: Uint8Array.of(0xc1, 0, 255) },
  runPhase: { type: 'runPhase', runId: 'r1', phase: 'teardown', setupResult: { tokens: ['a'] } },
  assignment: {
    type: 'assignment',
    runId: 'r1',
    epoch: 4,
    load: {
      parts: [
        {
          phase: 'warm-up',
          types: [0, 1],
          startMs: 0,
          workload: {
            kind: 'users',
            profile: { fromUsers: 0, stages: [{ durationMs: 30_000, toUsers: 100 }] },
          },
        },
        {
          phase: 'rate',
          types: [0],
          startMs: 30_000,
          workload: {
            kind: 'iterations',
            rate: { fromPerSecond: 0.5, stages: [{ durationMs: null, toPerSecond: 200 }] },
            order: { kind: 'random', seed: -7 },
            maxUsers: 50,
          },
        },
        {
          phase: 'fixed',
          types: [1],
          startMs: null,
          workload: { kind: 'fixed', total: 1_000, users: 20, each: false, limitMs: null },
        },
      ],
    },
    pausedAtMs: null,
    pausedMs: 250.5,
    lanes: [
      {
        lane: 0,
        shares: [
          { part: 0, items: encodeUsers([0, 2, 70_000]) },
          { part: 1, items: encodeUsers([1, 3]), grant: 4_000_001, from: 11_000.25 },
          { part: 1, items: encodeUsers([5]), grant: 4_000_001, from: 11_000.25, untilMs: 12_000.5 },
        ],
      },
    ],
  },
  start: { type: 'start', runId: 'r1', startAtMs: 100_000.5, setupResult: null },
  drain: { type: 'drain', runId: 'r1', stopTimeoutMs: 30_000 },
  reportAck: { type: 'reportAck', runId: 'r1', seq: 7, keysUnknown: true },
  sharedReply: {
    type: 'sharedReply',
    runId: 'r1',
    client: 4,
    seq: 17,
    answers: [{ ranges: [[1_000, 1_200]] }, { ranges: [], lack: 'later' }],
  },
  sharedWake: { type: 'sharedWake', runId: 'r1', client: 4, keys: ['rows/0'] },
  dismiss: { type: 'dismiss', reason: 'the run is over', runOver: true },
};
