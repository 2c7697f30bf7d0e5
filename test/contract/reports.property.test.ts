// Whatever a link loses, repeats, delays or reorders, and wherever it is cut: every request is counted exactly once.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Histogram, encodeHistogram, type IntervalDelta } from '@drumline/stats';
import type { StatsReport } from '@drumline/wire';
import { Aggregate } from '../../packages/master/dist/aggregate.js';
import type { WorkerRecord } from '../../packages/master/dist/registry.js';
import { ReportOutbox } from '../../packages/worker/dist/control/report-outbox.js';

function delta(second: number, requests: number): IntervalDelta {
  const latency = new Histogram();
  latency.record(1_000, requests);
  const key = { protocol: 'http', method: 'GET', name: '/', user: 'a', tags: [] };
  const counts = { requests, failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0 };
  const times = encodeHistogram(latency);
  const phases = { requests, queuedMs: 0, connectMs: 0, sendMs: 0, waitMs: requests, receiveMs: 0 };
  const series = [{ key, ...counts, latency: times, phases, errors: [] }];
  const kind = { protocol: 'http/1.1', tlsVersion: '', cipher: '', handshake: 'none' } as const;
  const none = encodeHistogram(new Histogram());
  const connections = [{ kind, opened: requests, dns: times, tcp: times, tls: none }];
  return { second, series, checks: [], metrics: [], exceptions: [], connections };
}

/** What the network does with a frame. */
const fate = fc.constantFrom('deliver', 'deliver', 'drop', 'repeat', 'delay');

test('reports over a bad link are merged once each', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ second: fc.nat(30), requests: fc.integer({ min: 1, max: 50 }), flush: fc.boolean() }),
        { maxLength: 40 },
      ),
      fc.array(fate, { minLength: 1, maxLength: 60 }),
      (work, fates) => {
        let nowMs = 0;
        let step = 0;
        const nextFate = (): string => (step < fates.length ? fates[step++]! : 'deliver');
        const delayed: (() => void)[] = [];
        const aggregate = new Aggregate();
        const worker = { mergedSeq: 0, requests: 0 } as WorkerRecord;
        const cross = (action: () => void): void => {
          const what = nextFate();
          if (what === 'delay') delayed.push(action);
          else if (what !== 'drop') action();
          if (what === 'repeat') action();
        };
        const receive = (report: StatsReport): void => {
          const seq = aggregate.merge(worker, report);
          cross(() => outbox.acknowledge(seq));
        };
        const outbox: ReportOutbox = new ReportOutbox(
          {
            send: (message) => {
              const copy = structuredClone(message) as StatsReport;
              cross(() => receive(copy));
              return true;
            },
          },
          () => nowMs,
        );

        let sent = 0;
        for (const { second, requests, flush } of work) {
          outbox.add([delta(second, requests)]);
          sent += requests;
          if (flush) outbox.flush('run', 1);
          nowMs += 700;
          if (delayed.length > 3) delayed.shift()!();
        }
        // The link has recovered: everything is repeated until it is acknowledged.
        for (let round = 0; round < 80; round += 1) {
          nowMs += 3_000;
          outbox.flush('run', 1);
          while (delayed.length > 0) delayed.pop()!();
        }
        const { totals, connections } = aggregate.totals.snapshot();
        expect(totals.requests).toBe(sent);
        expect(totals.phasesMs?.wait ?? 1).toBe(1);
        expect(connections.reduce((sum, { opened }) => sum + opened, 0)).toBe(sent);
        expect(worker.requests).toBe(sent);
        expect(aggregate.timeline.points().reduce((sum, point) => sum + point.requests, 0)).toBe(sent);
      },
    ),
    { numRuns: 300 },
  );
});
