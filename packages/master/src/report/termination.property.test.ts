import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ThresholdResult } from '@drumline/wire';
import { sampleResult } from '../../../../test/support/sample-result.js';
import { renderTermination, TERMINATION_BYTES, terminationOf, type Termination } from './termination.js';

const text = fc.string({ unit: 'binary', maxLength: 3_000 });
const threshold = fc.record({ expression: text, of: text, observed: fc.constantFrom(null, 1.5) });

test('a termination message is valid JSON of at most 4 KiB, whatever the run contains', () => {
  fc.assert(
    fc.property(
      text,
      fc.array(text, { maxLength: 20 }),
      fc.array(threshold, { maxLength: 60 }),
      (name, reasons, failed) => {
        const base = sampleResult();
        const result = {
          ...base,
          run: { ...base.run, scenario: name },
          verdict: 'failed' as const,
          reasons: reasons.map((message) => ({ code: 'threshold-failed', message })),
          thresholds: failed.map((one): ThresholdResult => ({
            ...one,
            unit: 'ms',
            limit: 1,
            passed: false,
            brokenForMs: 0,
          })),
        };
        const line = renderTermination(terminationOf(result, 18));
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(TERMINATION_BYTES);
        const read = JSON.parse(line) as Termination;
        expect(read).toMatchObject({ verdict: 'failed', exitCode: 18, exit: 'thresholds-failed' });
        expect(read.totals).toMatchObject({ requests: base.totals.requests });
        const { failedThresholds = [], moreFailedThresholds = 0 } = read;
        expect(failedThresholds.length + moreFailedThresholds).toBe(failed.length);
        expect(failedThresholds.length).toBeGreaterThanOrEqual(Math.min(failed.length, 1));
      },
    ),
    { numRuns: 60 },
  );
});

test('a message that fits is not cut', () => {
  const result = sampleResult();
  const termination = terminationOf(result);
  expect(JSON.parse(renderTermination(termination))).toEqual(termination);
});
