import assert from 'node:assert/strict';
import type { Output } from '../output.js';
import { feed } from './feed.js';
import { intervalsOf, type GeneratedOptions, type GeneratedRun } from './intervals.js';

/** What a service holds in all. Requests without series that time parts of requests. */
interface HeldCounts {
  readonly requests: number;
  readonly failures: number;
}

export interface OutputUnderTest {
  /** A new output, whose service holds nothing. */
  create(): Promise<Output> | Output;
  /** Reads back from the service what the last output has written, as a user of it would. */
  read(run: GeneratedRun): Promise<HeldCounts> | HeldCounts;
  /** Whether each batch shows all of the run so far, so that a lost one does no harm. */
  readonly isCumulative: boolean;
  /** Whether a reset discards what the service holds. By default true. */
  readonly resets?: boolean;
}

/** One test of the suite: throws if the output fails it. */
export interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * What each output must do:
 * `for (const { name, run } of outputContract(mine)) test(name, run)`.
 */
export function outputContract(mine: OutputUnderTest): ContractCase[] {
  const written = async (options: GeneratedOptions & { seed: number; drops?: boolean }): Promise<void> => {
    const generated = intervalsOf(options.seed, options);
    const output = await mine.create();
    try {
      // The last batches must arrive, so that a cumulative output can show all.
      const last = generated.events.length - 3;
      await feed(output, generated, (index) => options.drops === true && index % 3 === 1 && index < last);
    } finally {
      await output.close();
    }
    const { requests, failures } = generated.sums.totals;
    const held = await mine.read(generated);
    assert.deepEqual({ requests: held.requests, failures: held.failures }, { requests, failures });
  };
  const cases: ContractCase[] = [
    { name: 'holds what all seconds and corrections add up to', run: () => written({ seed: 1 }) },
    { name: 'holds the sums of 200 series', run: () => written({ seed: 2, series: 200, seconds: 5 }) },
    { name: 'holds nothing of a run without seconds', run: () => written({ seed: 3, seconds: 0 }) },
    { name: 'closes although it was never opened', run: async () => await (await mine.create()).close() },
  ];
  if (mine.resets !== false)
    cases.push({ name: 'counts again after a reset', run: () => written({ seed: 4, resetAfter: 5 }) });
  if (mine.isCumulative)
    cases.push({ name: 'shows all after lost batches', run: () => written({ seed: 5, drops: true }) });
  return cases;
}
