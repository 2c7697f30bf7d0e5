import fc from 'fast-check';
import { rateOfTimes, separate, type DueTimes, type OpenWorkload } from '@drumline/model';

/** A workload that follows a file, and the due times of that file. */
export interface Listed {
  readonly workload: OpenWorkload;
  readonly openTimes: () => DueTimes;
}

/**
 * Starts at listed times, of which many are equal.
 * @param types number of user types
 */
export function listedWorkloads(types: number): fc.Arbitrary<Listed> {
  const line = fc.record({ ms: fc.nat(4_000).map((ms) => ms - (ms % 50)), type: fc.nat(types - 1) });
  return fc
    .record({
      kind: fc.constantFrom('arrivals' as const, 'iterations' as const),
      lines: fc.array(line, { minLength: 1, maxLength: 200 }),
      isTyped: fc.boolean(),
      limit: fc.option(fc.integer({ min: 4, max: 12 })),
    })
    .map(({ kind, lines, isTyped, limit }) => {
      const rows = lines.map((one, number) => ({ ...one, number })).sort((a, b) => a.ms - b.ms);
      const times = Float64Array.from(rows, ({ ms }) => ms - rows[0]!.ms);
      separate(times);
      const shares = Array.from(
        { length: types },
        (_, type) => lines.filter((one) => one.type === type).length,
      );
      const order = {
        kind: 'listed' as const,
        file: 'log.csv',
        count: times.length,
        speed: 1,
        table: 0,
        ...(isTyped && { shares }),
      };
      const openTimes = (): DueTimes => ({
        count: times.length,
        timeAt: (position) => times[position]!,
        numberAt: (position) => rows[position]!.number,
        typeAt: (position) => (isTyped ? rows[position]!.type : undefined),
      });
      const most = limit === null ? {} : { [kind === 'arrivals' ? 'maxConcurrent' : 'maxUsers']: limit };
      return { workload: { kind, rate: rateOfTimes(times), order, ...most }, openTimes };
    });
}
