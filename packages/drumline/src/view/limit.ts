import { describeLimit, describeLimitFigures, formatLoadRate } from '@drumline/model';
import type { LimitResult, StatusView } from '@drumline/wire';
import type { Colors } from './options.js';
import { oneLine, padStart, widthOf, wrap } from './text.js';

/** The answer of a search as a sentence, and a line for each step. */
export function limitLines(limit: LimitResult | undefined, colors: Colors, width: number): string[] {
  if (limit === undefined) return [];
  const isAnswer = limit.reason === 'condition' || limit.reason === 'highest';
  const tone = isAnswer && limit.perSecond !== null ? colors.bold : colors.yellow;
  const rates = limit.steps.map(({ perSecond }) => formatLoadRate(perSecond));
  const digits = Math.max(0, ...rates.map(widthOf));
  return [
    ...wrap(oneLine(describeLimit(limit)), width).map(tone),
    ...limit.steps.flatMap((step, index) => {
      const mark = step.passed ? colors.green('✓') : step.untrusted ? colors.yellow('!') : colors.red('✗');
      const paint = step.passed ? colors.dim : step.untrusted ? colors.yellow : colors.red;
      const [first = '', ...more] = wrap(oneLine(describeLimitFigures(step)), width - digits - 4);
      return [
        `${mark} ${padStart(rates[index]!, digits)}  ${paint(first)}`,
        ...more.map((line) => `${' '.repeat(digits + 4)}${paint(line)}`),
      ];
    }),
  ];
}

/** `step 4 at 86.4/s; 72/s passed` */
export function describeLimitStep({
  step,
  perSecond,
  passedPerSecond,
}: NonNullable<StatusView['limit']>): string {
  const now = perSecond === null ? 'found' : `step ${step} at ${formatLoadRate(perSecond)}`;
  return `${now}; ${passedPerSecond === null ? 'no step has passed' : `${formatLoadRate(passedPerSecond)} passed`}`;
}
