import type { Bench, CountingTarget } from './bench.js';
import type { Aim, LoadGenerator } from './generator.js';
import { describeMachine } from './machine.js';
import { QUIET } from './slices.js';

/**
 * The remarks under a table: where, how and beside which generators it was measured, and whether
 * the counts agree.
 */
export function remarksOn<A extends Aim>(
  bench: Bench<CountingTarget, A>,
  asked: readonly LoadGenerator<A>[],
): string[] {
  const { runs, span, target, used, cores } = bench;
  const beside = [...used].map(({ name, version }) => `${name} ${version}`);
  return [
    `${describeMachine()}; ${cores.remark}.`,
    `Medians of ${runs} runs of ${span.window} s each, in which Drumline and its peers work in turns of half a second; ratios are medians of pairs, with their quartiles.`,
    `Beside it: ${[target.version, ...beside].join(', ')}.`,
    ...missing(asked),
    ...quietRemarks(bench),
    ...countsRemarks(bench),
  ];
}

function missing(asked: readonly Pick<LoadGenerator, 'name' | 'version'>[]): string[] {
  const names = asked.filter(({ version }) => version === undefined).map(({ name }) => name);
  return names.length === 0 ? [] : [`Not installed, so omitted: ${names.join(', ')}.`];
}

/** Whether other processes used the machine during the measurement. */
function quietRemarks({ others }: Pick<Bench, 'others'>): string[] {
  if (others.length === 0) return [];
  const worst = Math.max(...others);
  const percent = `other processes used up to ${Math.round(worst * 100)} % of it during the measurement`;
  return [worst > QUIET ? `Warning: the machine was not quiet: ${percent}.` : `On the machine, ${percent}.`];
}

/** Whether Drumline's report had exactly the requests that the target answered. */
function countsRemarks({ counts }: Pick<Bench, 'counts'>): string[] {
  if (counts.length === 0) return [];
  const wrong = counts.filter(({ requests, seenByTarget }) => requests !== seenByTarget);
  const failed = counts.filter(({ failures }) => failures > 0);
  const equal = `In ${counts.length - wrong.length} of ${counts.length} runs of Drumline its report had exactly the requests that the target answered`;
  const differences = wrong.map(
    ({ requests, seenByTarget }) => `${requests} reported, ${seenByTarget} answered`,
  );
  return [
    `${[equal, ...differences].join('; ')}.`,
    ...failed.map(({ failures, reason }) => `Failed requests in a run: ${failures} (${reason}).`),
  ];
}
