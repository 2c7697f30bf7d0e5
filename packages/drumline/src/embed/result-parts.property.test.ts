import { expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/client';
import fc from 'fast-check';
import { partsOf, ResultParts } from './result-parts.js';

const rows = fc.array(fc.integer(), { maxLength: 450, size: 'max' });

test('a result is the same after it was divided, and no message has more than 100 rows of an array', () => {
  fc.assert(
    fc.property(fc.record({ timeline: rows, series: rows, verdict: fc.string() }), (fields) => {
      const result = fields as unknown as RunResult;
      const received = new ResultParts();
      for (const part of partsOf(result)) {
        // As between processes: a copy.
        const message = structuredClone(part);
        const arrays = message.type === 'rows' ? [message.rows] : Object.values(message.result);
        for (const array of arrays) expect(Array.isArray(array) ? array.length : 0).toBeLessThanOrEqual(100);
        received.add(message);
      }
      expect(received.result).toEqual(result);
    }),
    { numRuns: 30 },
  );
});
