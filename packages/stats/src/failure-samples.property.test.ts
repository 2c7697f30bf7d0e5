import { expect, test } from '@jest/globals';
import type { Sample } from '@drumline/model';
import fc from 'fast-check';
import type { FailureSample } from './delta.js';
import { FailureSampleTally } from './failure-samples.js';
import { Recorder } from './recorder.js';

const key = { protocol: 'http', method: 'GET', name: '/', user: 'Buyer', tags: [] };

const samples = fc.array(
  fc.record({
    error: fc.integer({ min: 400, max: 408 }).map((status) => `status ${status}`),
    atMs: fc.nat(1_000),
    request: fc.integer({ min: 0, max: 9 }).map((id) => `GET /${id}`),
  }),
  { maxLength: 400 },
);

function kept(added: readonly FailureSample[]): FailureSample[] {
  const tally = new FailureSampleTally();
  for (const sample of added) tally.add(sample);
  return tally.all();
}

test('the kept requests do not depend on how they were added and merged', () => {
  fc.assert(
    fc.property(samples, fc.infiniteStream(fc.nat(3)), (drawn, parts) => {
      const all = drawn.map((sample) => ({ key, ...sample }));
      const split: FailureSample[][] = [[], [], [], []];
      for (const sample of all) split[parts.next().value!]!.push(sample);
      const merged = kept(split.flatMap((part) => kept(part)));
      expect(merged).toEqual(kept(all));
      expect(merged.length).toBeLessThanOrEqual(100);
    }),
    { numRuns: 30 },
  );
});

test('a lane keeps the first failed requests of each error, and asks for no more', () => {
  let asked = 0;
  const failed = (failure: string, endedAtMs: number): Sample => ({
    series: key,
    outcome: 'failed',
    failure,
    endedAtMs,
    durationUs: 1,
    bytesSent: 0,
    bytesReceived: 0,
    evidence: () => {
      asked += 1;
      return { request: 'GET /', response: 'x'.repeat(10_000) };
    },
  });
  const recorder = new Recorder(0, 10, 2);
  for (let i = 0; i < 50; i += 1) {
    recorder.record(failed('status 500', i * 100));
    recorder.record(failed(`no route to 10.0.0.${i}`, i * 100));
  }
  const found = recorder.close(5_000).flatMap(({ failureSamples = [] }) => failureSamples);
  expect(found.map(({ error, atMs }) => [error, atMs])).toEqual([
    ['no route to 10.0.0.0', 0],
    ['status 500', 0],
    ['no route to 10.0.0.1', 100],
    ['status 500', 100],
  ]);
  expect(asked).toBe(4);
  expect(found[0]!.response!.length).toBeLessThanOrEqual(3_000);
  const off = new Recorder(0, 10, 0);
  off.record(failed('status 500', 1));
  expect([off.close(5_000)[0]!.failureSamples, asked]).toEqual([undefined, 4]);
});
