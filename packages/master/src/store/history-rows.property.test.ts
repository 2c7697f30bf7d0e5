import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WorkerHistory, type WorkerSample } from '../allocation/worker-history.js';
import { decodeHistory, encodeHistory } from './history-rows.js';

const share = fc.double({ min: 0, max: 40, noNaN: true });
const state = fc.constantFrom('running', 'missing', 'draining');
const sample: fc.Arbitrary<WorkerSample> = fc.record(
  {
    state,
    health: fc.record(
      {
        cpu: share,
        loopDelayMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
        roundTripMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
        lanes: fc
          .array(fc.record({ state, busy: share }), { maxLength: 3 })
          .map((lanes) => lanes.map((one, lane) => ({ ...one, lane }))),
      },
      { requiredKeys: ['cpu', 'loopDelayMs', 'lanes'] },
    ),
  },
  { requiredKeys: ['state'] },
);

test('a stored history that another master continues equals one without an interruption', () => {
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 1_300 }),
      fc.nat(1_300),
      (samples, length, storedAt) => {
        const whole = new WorkerHistory();
        let continued = new WorkerHistory();
        for (let second = 0; second < length; second += 1) {
          if (second === storedAt) {
            const stored = decodeHistory(encodeHistory(continued.stored));
            expect(stored).toEqual(continued.stored);
            continued = new WorkerHistory();
            continued.restore(stored);
          }
          for (const history of [whole, continued]) history.add(second, samples[second % samples.length]!);
        }
        expect(continued.stored).toEqual(whole.stored);
      },
    ),
    { numRuns: 60 },
  );
});
