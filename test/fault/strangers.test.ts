// Peers that send invalid data to the worker port. `npm run fuzz` does this a million times.
import { afterEach, describe, expect, test } from '@jest/globals';
import { MasterKey } from '@drumline/wire/security';
import { endAll } from '../../scripts/dist/bench/harness/launch.js';
import { attack } from '../../scripts/dist/fuzz/attack.js';

const LONG = process.env['DRUMLINE_LONG'] === '1';

afterEach(endAll);

describe('invalid ZMTP and hostile frames at the worker port', () => {
  test.each([
    ['from admitted peers', null],
    ...(LONG ? ([['of peers with and without the token', MasterKey.generate()]] as const) : []),
  ])(
    '%s are rejected and counted; the run continues, and its report equals the target’s count',
    async (_, key) => {
      const outcome = await attack({
        frames: LONG ? 20_000 : 5_000,
        zmtpMs: LONG ? 20_000 : 3_000,
        seed: 5,
        key,
      });
      expect(outcome.defects).toEqual([]);
      expect(outcome.interruptions).toEqual([]);
      expect(outcome.requestsSeen).toBeGreaterThan(0);
      expect(outcome.requestsReported).toBe(outcome.requestsSeen);
      expect(outcome.refusals).toMatchObject({
        'bad-frame': expect.any(Number),
        nonsense: expect.any(Number),
      });
      expect(outcome.linesSaid).toBeLessThan(2_000);
    },
    LONG ? 600_000 : 150_000,
  );
});
