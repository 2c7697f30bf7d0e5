import { describeLimit, formatLoadRate, formatThresholdValue } from '@drumline/model';
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
      const [first = '', ...more] = wrap(oneLine(detailOf(step)), width - digits - 4);
      return [
        `${mark} ${padStart(rates[index]!, digits)}  ${paint(first)}`,
        ...more.map((line) => `${' '.repeat(digits + 4)}${paint(line)}`),
      ];
    }),
  ];
}

/** The figure beside each condition, and why the step is not judged. */
function detailOf({ observed, untrusted }: LimitResult['steps'][number]): string {
  const figures = observed.map((one) => {
    const figure = one.observed === null ? 'no data' : formatThresholdValue(one.observed, one.unit);
    return `${one.expression}: ${figure}`;
  });
  return [...figures, ...(untrusted ? [`not judged: ${untrusted.message}`] : [])].join(', ');
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
