import { describe, expect, test } from '@jest/globals';
import type { Sample } from '@drumline/model';
import { encodeCounts, KeyDictionary, Recorder, type IntervalDelta } from '@drumline/stats';
import type { Hello, StatsReport } from '@drumline/wire';
import { Participant } from '../allocation/participant.js';
import { newMember } from '../cluster/member.js';
import { Intervals } from '../intervals/intervals.js';
import { statsView } from './views.js';

const STARTED_AT = new Date('2026-01-01T00:00:00Z');

function participant(): Participant {
  const hello = { name: 'w1', lanes: 1 } as Hello;
  return new Participant(newMember({ id: 'w1', peer: 'p1', hello }, 'present', 0));
}

function openIntervals(): Intervals {
  return new Intervals({ covered: () => {}, onSubscriberProblem: () => {} });
}

function sample(endedAtMs: number, rest: Partial<Sample> = {}): Sample {
  return {
    series: { protocol: 'http', method: 'GET', name: '/', user: 'Buyer', tags: [] },
    outcome: 'passed',
    endedAtMs,
    durationUs: 5_000,
    bytesSent: 10,
    bytesReceived: 20,
    phases: { queuedMs: 0, connectMs: 3, sendMs: 0.25, waitMs: 1.5, receiveMs: 0.25 },
    ...rest,
  };
}

const TLS = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', resumed: false };
const OPENED = [{ protocol: 'h2', dnsMs: 0.5, tcpMs: 0.5, tlsMs: 2, tls: TLS }];

function reportOf(samples: readonly Sample[], seq: number): StatsReport {
  const recorder = new Recorder(0);
  for (const one of samples) recorder.record(one);
  return reportWith(recorder.close(10_000), seq);
}

function reportWith(deltas: readonly IntervalDelta[], seq: number): StatsReport {
  const { keys, ...counts } = encodeCounts(deltas, new KeyDictionary());
  return { type: 'statsReport', runId: 'r1', epoch: 1, seq, keys: [...keys], ...counts };
}

describe('the statistics', () => {
  test('merges the phases and connections of all workers', () => {
    const intervals = openIntervals();
    const { aggregate } = intervals;
    intervals.merge(participant(), reportOf([sample(100, { opened: OPENED }), sample(1_100)], 1), 10_000);
    intervals.merge(participant(), reportOf([sample(200, { opened: OPENED })], 1), 10_000);
    intervals.takeAll();
    const view = statsView(aggregate, STARTED_AT, 2_000, 1);
    const phasesMs = { queued: 0, connect: 3, send: 0.25, wait: 1.5, receive: 0.25 };
    expect(view.totals.phasesMs).toEqual(phasesMs);
    expect(view.series).toMatchObject([{ requests: 3, phasesMs }]);
    expect(view.connections).toMatchObject([
      {
        protocol: 'h2',
        tlsVersion: 'TLSv1.3',
        cipher: 'TLS_AES_256_GCM_SHA384',
        handshake: 'full',
        opened: 2,
        dnsMs: { max: 0.5 },
        tcpMs: { max: 0.5 },
        tlsMs: { p50: 2 },
      },
    ]);
  });

  test('discards them on a reset', () => {
    const intervals = openIntervals();
    const { aggregate } = intervals;
    const worker = participant();
    intervals.merge(worker, reportOf([sample(100, { opened: OPENED })], 1), 10_000);
    intervals.reset(2, [worker]);
    intervals.merge(worker, reportOf([sample(1_100, { opened: OPENED })], 2), 10_000);
    intervals.takeAll();
    expect(statsView(aggregate, STARTED_AT, 3_000, 2)).toMatchObject({ series: [], connections: [] });
    intervals.merge(worker, reportOf([sample(2_100)], 3), 10_000);
    intervals.takeAll();
    const view = statsView(aggregate, STARTED_AT, 3_000, 2);
    expect(view.totals).toMatchObject({ requests: 1, phasesMs: { connect: 3 } });
    expect(view.connections).toEqual([]);
  });

  test('rejects a report of connections without times, and merges none of it', () => {
    const intervals = openIntervals();
    const { aggregate } = intervals;
    const report = reportOf([sample(100, { opened: OPENED })], 1);
    report.rest![0]!.connections![0]!.opened = 2;
    expect(() => intervals.merge(participant(), report, 10_000)).toThrow(RangeError);
    intervals.takeAll();
    expect(aggregate.totals.snapshot()).toMatchObject({
      totals: { requests: 0 },
      connections: [],
    });
  });
});
