// Every request is counted exactly once, even if a link loses, repeats, delays or reorders reports
// or is cut at any point.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeHistogram,
  encodeHistogram,
  Histogram,
  QUANTILES_EVERY,
  type IntervalDelta,
} from '@drumline/stats';
import { encodeMessage, type Hello, type ReportAck, type StatsReport } from '@drumline/wire';
import { Participant } from '../../packages/master/dist/allocation/participant.js';
import { newMember } from '../../packages/master/dist/cluster/member.js';
import { Intervals } from '../../packages/master/dist/intervals/intervals.js';
import { ReportOutbox } from '../../packages/worker/dist/control/report-outbox.js';

const none = encodeHistogram(new Histogram());
/** A worker as a master knows it, or another one that resumes its run. */
function participantOf(before?: Participant): Participant {
  const hello = { name: 'w1', lanes: 1 } as Hello;
  const member = newMember({ id: 'w1', peer: 'p1', hello }, 'present', 0);
  return before ? Participant.restore(member, before.stored) : new Participant(member);
}

/** The answer of a master that takes and stores each report at once. */
function answerTo(intervals: Intervals, worker: Participant, report: StatsReport): ReportAck {
  const merged = intervals.merge(worker, report, 3_600_000);
  intervals.takeAll();
  return {
    type: 'reportAck',
    runId: report.runId,
    seq: worker.coveredSeq,
    ...(merged === 'keys-unknown' && { keysUnknown: true }),
  };
}

function openIntervals(): Intervals {
  return new Intervals({ covered: () => {}, onSubscriberProblem: () => {} });
}

const encoded = new Map<number, Uint8Array>();

/** The response times of this many requests, a millisecond each. */
function timesOf(requests: number): Uint8Array {
  const known = encoded.get(requests);
  if (known) return known;
  const latency = new Histogram();
  latency.record(1_000, requests);
  const times = encodeHistogram(latency);
  encoded.set(requests, times);
  return times;
}

function delta(second: number, requests: number, name = '/'): IntervalDelta {
  const times = timesOf(requests);
  const key = { protocol: 'http', method: 'GET', name, user: 'a', tags: [] };
  const counts = { requests, failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0 };
  const phases = { requests, queuedMs: 0, connectMs: 0, sendMs: 0, waitMs: requests, receiveMs: 0 };
  const series = [{ key, ...counts, latency: times, phases, errors: [] }];
  const kind = { protocol: 'http/1.1', tlsVersion: '', cipher: '', handshake: 'none' } as const;
  const connections = [{ kind, opened: requests, dns: times, tcp: times, tls: none }];
  return { second, series, checks: [], metrics: [], exceptions: [], connections };
}

/** The fate of a frame in the network. */
const fate = fc.constantFrom('deliver', 'deliver', 'drop', 'repeat', 'delay');

const second = fc.record({
  second: fc.nat(300),
  requests: fc.integer({ min: 1, max: 50 }),
  flush: fc.boolean(),
  /**
   * `down` is reported by the link. `partitioned` is silent: the link accepts everything and
   * delivers nothing.
   */
  link: fc.constantFrom('up', 'up', 'down', 'partitioned'),
  /** How often the response times of each series are reported. */
  every: fc.constantFrom(...QUANTILES_EVERY),
  /** The worker is welcomed again and repeats its reports. */
  welcome: fc.boolean(),
  /** Another master resumes the run. It knows what was merged, but no keys. */
  resume: fc.constantFrom(false, false, false, true),
});

test('reports over a bad link are merged once each, and the backlog is bounded', () => {
  fc.assert(
    fc.property(
      fc.array(second, { maxLength: 60 }),
      fc.array(fate, { minLength: 1, maxLength: 60 }),
      (work, fates) => {
        let nowMs = 0;
        let step = 0;
        let linkState = 'up';
        const nextFate = (): string => (step < fates.length ? fates[step++]! : 'deliver');
        const delayed: (() => void)[] = [];
        const intervals = openIntervals();
        let worker = participantOf();
        const handedOver = new Map<number, string>();
        const cross = (action: () => void): void => {
          if (linkState === 'partitioned') return;
          const what = nextFate();
          if (what === 'delay') delayed.push(action);
          else if (what !== 'drop') action();
          if (what === 'repeat') action();
        };
        const receive = (report: StatsReport): void => {
          const ack = answerTo(intervals, worker, report);
          cross(() => outbox.acknowledge(ack));
        };
        const outbox: ReportOutbox = new ReportOutbox(
          {
            send: (message) => {
              if (linkState === 'down') return false;
              const copy = structuredClone(message) as StatsReport;
              // The content of a report number never changes once it may have been merged.
              const { keys: _, ...unchanging } = copy;
              const text = JSON.stringify(unchanging);
              expect(handedOver.get(copy.seq) ?? text).toBe(text);
              handedOver.set(copy.seq, text);
              expect(copy.seq - worker.mergedSeq).toBeLessThanOrEqual(8);
              cross(() => receive(copy));
              return true;
            },
          },
          'run',
          { intervals: 5, bytes: 20_000 },
          () => nowMs,
        );

        let sent = 0;
        for (const { second: at, requests, flush, link, welcome, resume, every } of work) {
          linkState = link;
          if (resume) worker = participantOf(worker);
          outbox.add([delta(at, requests, `/${at % 7}`)]);
          sent += requests;
          outbox.quantilesEverySeconds = every;
          // Windows that end later are held back.
          if (flush) outbox.flush(1, -1, at);
          else outbox.compact(at);
          if (welcome) outbox.welcomed();
          nowMs += 700;
          if (delayed.length > 3) delayed.shift()!();
        }
        // The link has recovered. Every report is repeated until it is acknowledged.
        linkState = 'up';
        for (let round = 0; round < 80; round += 1) {
          nowMs += 3_000;
          outbox.flush(1);
          while (delayed.length > 0) delayed.pop()!();
        }
        expect(outbox.undelivered).toBeUndefined();
        const { aggregate } = intervals;
        const { totals, connections } = aggregate.totals.snapshot();
        expect(totals.requests).toBe(sent);
        expect(aggregate.totals.untimed).toBe(0);
        for (const { requests, latency: times } of aggregate.totals.delta(0).series)
          expect(decodeHistogram(times).count).toBe(requests);
        expect(totals.phasesMs?.wait ?? 1).toBe(1);
        expect(connections.reduce((sum, { opened }) => sum + opened, 0)).toBe(sent);
        expect(worker.requests).toBe(sent);
        expect(aggregate.timeline.points().reduce((sum, point) => sum + point.requests, 0)).toBe(sent);
      },
    ),
    { numRuns: 150 },
  );
});

/** A link that accepts and records everything. */
function takesAll(): { sent: StatsReport[]; link: { send(message: unknown): boolean } } {
  const sent: StatsReport[] = [];
  return { sent, link: { send: (message) => sent.push(message as StatsReport) > 0 } };
}

test('a backlog of an hour is sent in small reports, few at a time, marked as folded', async () => {
  let nowMs = 0;
  const { sent, link } = takesAll();
  const outbox = new ReportOutbox(link, 'run', {}, () => nowMs);
  for (let at = 0; at < 3_600; at += 1) {
    outbox.add([delta(at, 1, `/a-rather-long-name-of-a-page/${at % 7}`)]);
    if (at % 60 === 0) outbox.compact();
    nowMs += 1_000;
  }
  outbox.flush(2);
  expect(sent.length).toBe(1);
  expect(outbox.undelivered).toEqual({ requests: 3_600, fromSecond: 0, toSecond: 3_599 });
  let settled = false;
  void outbox.settled().then(() => (settled = true));
  const intervals = openIntervals();
  const worker = participantOf();
  for (let next = 0; next < sent.length; next += 1) {
    nowMs += 10;
    expect(sent.length - next).toBeLessThanOrEqual(4);
    expect(encodeMessage(sent[next]!).byteLength).toBeLessThan(80_000);
    outbox.acknowledge(answerTo(intervals, worker, sent[next]!));
  }
  expect(sent[0]!.foldedToSeconds).toBe(10);
  expect(sent.length).toBeGreaterThan(4);
  expect(worker.requests).toBe(3_600);
  await new Promise(setImmediate);
  expect(settled).toBe(true);
  outbox.add([delta(3_601, 1)]);
  outbox.flush(2);
  expect(sent.at(-1)).not.toHaveProperty('foldedToSeconds');
});

test('a slow master receives one report at a time, less and less often; acknowledgements of another run are ignored', () => {
  let nowMs = 0;
  const { sent, link } = takesAll();
  const outbox = new ReportOutbox(link, 'run', {}, () => nowMs);
  outbox.acknowledge({ seq: 9 });
  for (let at = 0; at < 5; at += 1) {
    outbox.add([delta(at, 1)]);
    outbox.flush(1);
    nowMs += 1_500;
  }
  expect(sent.map(({ seq }) => seq)).toEqual([1, 1]);
  outbox.flush(1);
  expect(sent.map(({ seq }) => seq)).toEqual([1, 1, 1]);
  outbox.acknowledge({ seq: 2 });
  expect(outbox.undelivered?.requests).toBe(5);
});

test('a worker with 2,000 series keeps up with a master that acknowledges a second later', () => {
  let nowMs = 0;
  const { sent, link } = takesAll();
  const outbox = new ReportOutbox(link, 'run', {}, () => nowMs);
  const names = Array.from({ length: 2_000 }, (_, index) => `/products/${index}`);
  const sentAtMs: number[] = [];
  let acknowledged = 0;
  for (let second = 0; second < 60; second += 1) {
    outbox.add(names.map((name) => delta(second, 1, name)));
    outbox.flush(1);
    for (let step = 0; step < 10; step += 1) {
      while (sentAtMs.length < sent.length) sentAtMs.push(nowMs);
      nowMs += 100;
      for (; sentAtMs[acknowledged]! < nowMs - 1_000; acknowledged += 1)
        outbox.acknowledge({ seq: sent[acknowledged]!.seq });
    }
  }
  expect(outbox.undelivered!.fromSecond).toBeGreaterThan(56);
  // None is sent twice.
  expect(sent.map(({ seq }) => seq)).toEqual(sent.map((_, index) => index + 1));
});

test('keys are sent until they are acknowledged, and again after a welcome', () => {
  let nowMs = 0;
  const { sent, link } = takesAll();
  const outbox = new ReportOutbox(link, 'run', {}, () => nowMs);
  const keysSent = (): unknown => sent.at(-1)!.keys.map(([, key]) => (key as { name: string }).name);
  const report = (second: number, ...names: string[]): void => {
    outbox.add(names.map((name) => delta(second, 1, name)));
    outbox.flush(1);
    nowMs += 1_000;
  };
  report(0, '/a', '/b');
  expect(keysSent()).toEqual(['/a', '/b']);
  outbox.acknowledge({ seq: 1 });
  report(1, '/b', '/c');
  expect(keysSent()).toEqual(['/c']);
  outbox.welcomed();
  expect(sent.at(-1)!.seq).toBe(2);
  expect(keysSent()).toEqual(['/b', '/c']);
  outbox.acknowledge({ seq: 2 });
  report(2, '/a', '/b');
  expect(keysSent()).toEqual(['/a']);
});
