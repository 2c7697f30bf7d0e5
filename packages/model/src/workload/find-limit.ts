import { formatCount } from '../format-count.js';
import { formatLoadRate } from '../rate-text.js';
import { formatThresholdValue } from '../thresholds/describe.js';
import type { Condition, ThresholdUnit } from '../thresholds/threshold.js';
import { formatDuration, type Millis } from '../units.js';
import type { ShapeController } from './shape-controller.js';

/** How the rate grows from step to step: by a factor, or by a number per second. */
export type LimitStepSize = { readonly factor: number } | { readonly perSecond: number };

/** A search for the highest rate at which conditions hold. The master raises the rate in steps. */
export interface FindLimit {
  readonly kind: 'findLimit';
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
  readonly step: LimitStepSize;
  /** Length of a step. */
  readonly holdMs: Millis;
  /** The beginning of each step, which is not judged. */
  readonly settleMs: Millis;
  /** How often the range between the last good and the first bad rate is halved. Default: 0. */
  readonly refine?: number;
  /** All of them must hold in a step. At least one. */
  readonly while: readonly Condition[];
}

/** What sets the load of a run while it runs, if its profile does not. */
export type LoadController = FindLimit | ShapeController;

/** What a condition observed in a step. */
export interface ObservedInStep {
  readonly expression: string;
  readonly unit: ThresholdUnit;
  /** Null without data. */
  readonly observed: number | null;
  readonly passed: boolean;
}

/** Why the figures of a step say nothing about the target. */
export interface UntrustedStep {
  /** `generator`: workers were the bottleneck. `users`: the limit of users was reached. */
  readonly by: 'generator' | 'users';
  readonly message: string;
}

/** A step of the search that has been judged. */
export interface LimitStep {
  readonly perSecond: number;
  /** Seconds that were judged. */
  readonly heldSeconds: number;
  readonly observed: readonly ObservedInStep[];
  /** Whether all conditions held and the step can be trusted. */
  readonly passed: boolean;
  readonly untrusted?: UntrustedStep;
}

/** Why a search ended. `highest`: all steps up to the last one passed. `stopped`: the run ended. */
export type LimitReason = 'condition' | 'generator' | 'users' | 'highest' | 'stopped';

/** The answer of a search. */
export interface FoundLimit {
  /** The highest rate at which all conditions held; null if there was none. */
  readonly perSecond: number | null;
  readonly reason: LimitReason;
  /** The rate at which the search ended, if that step did not pass. */
  readonly brokenAt?: number;
  readonly steps: readonly LimitStep[];
}

/** A step with fewer of its planned starts is the generator's or the users' fault. */
const STARTED_SHARE = 0.95;

/** A step is judged, and the next one known to all lanes, about this long after its end. */
const BETWEEN_STEPS_MS: Millis = 3_000;

/** The most steps of a search. */
export const MAX_LIMIT_STEPS = 1_000;

/** What the judged steps of a search have shown. */
interface LimitBounds {
  /** The highest rate that passed; undefined if there is none. */
  readonly good: number | undefined;
  /** The lowest rate at which a condition did not hold; undefined if there is none. */
  readonly bad: number | undefined;
  /** How often the range between them was halved. */
  readonly halvings: number;
  /** Whether the target was still too slow when the good rate was run again. */
  readonly stayedSlow: boolean;
}

function boundsOf(steps: readonly LimitStep[]): LimitBounds {
  let good: number | undefined;
  let bad: number | undefined;
  let halvings = 0;
  let stayedSlow = false;
  for (const { perSecond, passed, untrusted } of steps) {
    if (untrusted) continue;
    const isAgain = bad !== undefined && perSecond === good;
    if (bad !== undefined && !isAgain) halvings += 1;
    if (isAgain) stayedSlow ||= !passed;
    else if (passed) good = perSecond;
    else bad = perSecond;
  }
  return { good, bad, halvings, stayedSlow };
}

/**
 * The rate of the next step; undefined if the search is over. A step that cannot be trusted is
 * repeated once, because a moment without CPU time can cause it. Before a refining search tries a
 * lower rate, the last good rate must pass again: the target may be busy with what it was sent.
 */
export function nextLimitRate(search: FindLimit, steps: readonly LimitStep[]): number | undefined {
  const last = steps.at(-1);
  if (!last) return search.fromPerSecond;
  if (last.untrusted) return steps.at(-2)?.perSecond === last.perSecond ? undefined : last.perSecond;
  const { good, bad, halvings, stayedSlow } = boundsOf(steps);
  if (bad === undefined) return raised(search, last.perSecond);
  if (good === undefined || stayedSlow || halvings >= (search.refine ?? 0)) return undefined;
  if (!last.passed) return good;
  const middle = rateOf((good + bad) / 2);
  return middle > good && middle < bad ? middle : undefined;
}

/** Six digits are enough for a rate. */
function rateOf(perSecond: number): number {
  return Number(perSecond.toPrecision(6));
}

/** Undefined at the highest rate. */
function raised({ step, toPerSecond }: FindLimit, perSecond: number): number | undefined {
  if (perSecond >= toPerSecond) return undefined;
  const next = 'factor' in step ? perSecond * step.factor : perSecond + step.perSecond;
  return Math.min(toPerSecond, rateOf(next));
}

/** The number of steps, if all of them pass. At most one more than `MAX_LIMIT_STEPS`. */
export function limitStepCount(search: FindLimit): number {
  let count = 0;
  let rate: number | undefined = search.fromPerSecond;
  while (rate !== undefined && count <= MAX_LIMIT_STEPS) {
    count += 1;
    const next: number | undefined = raised(search, rate);
    // Too small a step for the digits of a rate.
    rate = next !== undefined && next <= rate ? rate : next;
  }
  return count;
}

/** How long a search lasts about at most, if no step is repeated. */
export function longestLimitMs(search: FindLimit): Millis {
  // Each halving may need a step at the good rate first.
  return (limitStepCount(search) + 2 * (search.refine ?? 0)) * (search.holdMs + BETWEEN_STEPS_MS);
}

/** What a step did with its starts. */
interface StepStarts {
  readonly started: number;
  readonly dropped: number;
  /** Seconds in which workers were the bottleneck. */
  readonly untrustedSeconds: number;
  readonly workers: readonly string[];
}

/** Why the figures of a step say nothing about the target; undefined if they do. */
export function untrustedStep(
  perSecond: number,
  heldSeconds: number,
  { started, dropped, untrustedSeconds, workers }: StepStarts,
): UntrustedStep | undefined {
  const planned = perSecond * heldSeconds;
  // A single start may fall into the next second.
  const least = planned * STARTED_SHARE - 1;
  if (untrustedSeconds > 0)
    return {
      by: 'generator',
      message: `${workers.join(' and ')} ${workers.length === 1 ? 'was' : 'were'} the bottleneck in ${untrustedSeconds} of ${heldSeconds} seconds`,
    };
  if (started >= least) return undefined;
  const share = `${Math.floor((started / planned) * 100)}% of the starts`;
  return started + dropped >= least
    ? { by: 'users', message: `only ${share} were possible, because the limit of users was reached` }
    : { by: 'generator', message: `only ${share} happened` };
}

/** The answer after these steps. */
export function foundLimit(search: FindLimit, steps: readonly LimitStep[]): FoundLimit {
  const { good = null, bad } = boundsOf(steps);
  const last = steps.at(-1);
  if (nextLimitRate(search, steps) !== undefined || !last)
    return { perSecond: good, reason: 'stopped', steps };
  if (last.untrusted) return { perSecond: good, reason: last.untrusted.by, brokenAt: last.perSecond, steps };
  if (bad === undefined) return { perSecond: good, reason: 'highest', steps };
  return { perSecond: good, reason: 'condition', brokenAt: bad, steps };
}

/** The answer as a sentence. */
export function describeLimit({ perSecond, reason, brokenAt, steps }: FoundLimit): string {
  const answer = perSecond === null ? 'No rate was found' : `The limit is ${formatLoadRate(perSecond)}`;
  const held =
    perSecond === null ? 'no step passed' : `all conditions held up to ${formatLoadRate(perSecond)}`;
  const at = formatLoadRate(brokenAt ?? 0);
  switch (reason) {
    case 'condition': {
      const step = steps.findLast(
        ({ perSecond: of, passed, untrusted }) => of === brokenAt && !passed && !untrusted,
      );
      const broken = step?.observed.filter(({ passed }) => !passed) ?? [];
      return `${answer}: ${broken.map(({ expression }) => expression).join(' and ')} did not hold at ${at}.`;
    }
    case 'generator':
      return `The generator was the limit at ${at}; add workers. As far as it went, ${held}.`;
    case 'users':
      return `The limit of users was reached at ${at}; raise maxUsers. As far as it went, ${held}.`;
    case 'highest':
      return `The limit is higher than ${formatLoadRate(perSecond ?? 0)}, the last step: all conditions held.`;
    case 'stopped':
      return `The run ended before the limit was found; ${held}.`;
  }
}

/** The figure beside each condition of a step, and why the step is not judged. */
export function describeLimitFigures({
  observed,
  untrusted,
}: Pick<LimitStep, 'observed' | 'untrusted'>): string {
  const figures = observed.map((one) => {
    const figure = one.observed === null ? 'no data' : formatThresholdValue(one.observed, one.unit);
    return `${one.expression}: ${figure}`;
  });
  return [...figures, ...(untrusted ? [`not judged: ${untrusted.message}`] : [])].join(', ');
}

/** The search as a sentence. */
export function describeFindLimit(search: FindLimit): string {
  const { fromPerSecond, toPerSecond, step, holdMs, settleMs } = search;
  const size =
    'factor' in step
      ? `${Number(((step.factor - 1) * 100).toPrecision(6))}%`
      : formatLoadRate(step.perSecond);
  const conditions = search.while.map(({ expression }) => expression).join(' and ');
  return `from ${formatLoadRate(fromPerSecond)} to ${formatLoadRate(toPerSecond)} by +${size}, ${formatDuration(holdMs)} each (the first ${formatDuration(settleMs)} not judged), at most ${formatCount(limitStepCount(search))} steps, while ${conditions}${search.refine ? `, then up to ${formatCount(search.refine)} halvings` : ''}`;
}
