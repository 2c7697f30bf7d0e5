import { expect, test } from '@jest/globals';
import type { Sample, SeriesKey } from '@drumline/model';
import { Recorder } from './recorder.js';
import { Totals } from './totals.js';

const key: SeriesKey = { protocol: 'http', method: 'GET', name: '/', user: 'u', tags: [] };
const phases = { queuedMs: 0, connectMs: 0, sendMs: 0, waitMs: 10, receiveMs: 0 };

function totalsOf(late: readonly (number | undefined)[]) {
  const recorder = new Recorder(0);
  late.forEach((lateMs, index) => {
    const base: Sample = {
      series: key,
      outcome: 'passed',
      endedAtMs: index * 400,
      durationUs: 10_000,
      bytesSent: 0,
      bytesReceived: 0,
      phases,
    };
    recorder.record(lateMs === undefined ? base : { ...base, lateMs });
  });
  const totals = new Totals();
  for (const delta of recorder.close(60_000)) totals.add(delta);
  return totals.snapshot().totals;
}

test('response times count from the due time, service times from the call', () => {
  const { latencyMs, serviceMs, phasesMs } = totalsOf([undefined, 90, undefined, 190, 0]);
  expect(latencyMs).toMatchObject({ min: 10, mean: 66, max: 200 });
  expect(serviceMs).toMatchObject({ min: 10, mean: 10, max: 10 });
  expect(phasesMs).toMatchObject({ late: 56, wait: 10 });
  expect(phasesMs!.late! + phasesMs!.wait).toBe(latencyMs.mean);
});

test('service times are left out if no iteration began late', () => {
  const { serviceMs, phasesMs } = totalsOf([undefined, 0, undefined]);
  expect(serviceMs).toBeUndefined();
  expect(phasesMs).not.toHaveProperty('late');
});
