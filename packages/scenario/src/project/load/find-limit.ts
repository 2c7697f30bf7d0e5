import {
  findWorkloadProblems,
  formatDuration,
  limitStepCount,
  MAX_LIMIT_STEPS,
  messageOf,
  parseCondition,
  parseDuration,
  parseRate,
  ThresholdProblem,
  type Condition,
  type FindLimit,
  type LimitStepSize,
  type PlanProblem,
  type Workload,
} from '@drumline/model';
import type { FindLimitOptions } from '../../authoring/load/find-limit.js';
import type { RateDraft } from '../../authoring/load/rates.js';

/** A search, and the load with which it begins; undefined parts have problems. */
interface LimitDraft {
  readonly controller?: FindLimit;
  readonly workload?: RateDraft;
}

/** The default part of a step that is not judged, and the least. */
const SETTLE_SHARE = 0.2;
const LEAST_SECOND_MS = 1_000;
/** Ten halvings leave a thousandth of the range. */
const MAX_HALVINGS = 10;

const EXAMPLE = "use for example '+20%' or '+50/s'";

/** Reads the options of a search, and adds every problem of them. */
export function draftLimitSearch(
  options: FindLimitOptions,
  where: string,
  problems: PlanProblem[],
): LimitDraft {
  const before = problems.length;
  const read = <T>(key: keyof FindLimitOptions, parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      const hint = error instanceof ThresholdProblem ? error.hint : undefined;
      problems.push({ where: `${where}.${key}`, message: messageOf(error), hint });
      return undefined;
    }
  };
  const fromPerSecond = read('from', () => positiveRate(options.from)) ?? 0;
  const toPerSecond = read('to', () => positiveRate(options.to)) ?? 0;
  const step = read('step', () => readStep(options.step)) ?? { factor: 2 };
  const holdMs = read('hold', () => parseDuration(options.hold)) ?? 0;
  const settleMs =
    options.warmUp === undefined
      ? Math.max(LEAST_SECOND_MS, holdMs * SETTLE_SHARE)
      : (read('warmUp', () => parseDuration(options.warmUp!)) ?? 0);
  const conditions = readConditions(options.while, `${where}.while`, problems);
  const kind = options.kind ?? 'arrivals';
  if (kind !== 'arrivals' && kind !== 'iterations')
    problems.push({
      where: `${where}.kind`,
      message: `'${String(kind)}' is not a kind of start`,
      hint: "use 'arrivals' or 'iterations'",
    });
  const { refine = 0 } = options;
  if (!Number.isInteger(refine) || refine < 0 || refine > MAX_HALVINGS)
    problems.push({
      where: `${where}.refine`,
      message: `${String(refine)} is not a number of halvings`,
      hint: `use a whole number up to ${MAX_HALVINGS}`,
    });
  if (problems.length > before) return {};
  const controller: FindLimit = {
    kind: 'findLimit',
    fromPerSecond,
    toPerSecond,
    step,
    holdMs,
    settleMs,
    ...(refine > 0 && { refine }),
    while: conditions,
  };
  const rate = { fromPerSecond, stages: [{ durationMs: null, toPerSecond: fromPerSecond }] };
  const { maxUsers } = options;
  const workload: RateDraft =
    kind === 'iterations'
      ? { kind, rate, ...(maxUsers !== undefined && { maxUsers }) }
      : { kind, rate, ...(maxUsers !== undefined && { maxConcurrent: maxUsers }) };
  problems.push(...findSearchProblems(controller, where), ...findPeakProblems(controller, workload, where));
  return { controller, workload };
}

function findSearchProblems(search: FindLimit, where: string): PlanProblem[] {
  const { fromPerSecond, toPerSecond, holdMs, settleMs } = search;
  const problems: PlanProblem[] = [];
  if (toPerSecond < fromPerSecond)
    problems.push({ where: `${where}.to`, message: 'is lower than from', hint: 'the rate only grows' });
  if (holdMs - settleMs < LEAST_SECOND_MS)
    problems.push({
      where: `${where}.hold`,
      message: `leaves less than a second to judge after the warm-up of ${formatDuration(settleMs)}`,
      hint: "use for example '1m'",
    });
  if (limitStepCount(search) > MAX_LIMIT_STEPS)
    problems.push({
      where: `${where}.step`,
      message: `needs more than ${MAX_LIMIT_STEPS} steps from one rate to the other`,
      hint: EXAMPLE,
    });
  return problems;
}

/** The highest rate must be possible, too. */
function findPeakProblems({ toPerSecond }: FindLimit, workload: RateDraft, where: string): PlanProblem[] {
  const rate = { fromPerSecond: toPerSecond, stages: [{ durationMs: null, toPerSecond }] };
  return findWorkloadProblems({ ...workload, rate, order: { kind: 'even' } } as Workload, 1)
    .filter(({ place }) => place !== '.maxUsers' && place !== '.maxConcurrent')
    .map(({ place, ...problem }) => ({ ...problem, where: `${where}.to${place}` }));
}

function positiveRate(text: FindLimitOptions['from']): number {
  const rate = parseRate(text);
  if (rate > 0) return rate;
  throw new RangeError('must be more than 0');
}

function readStep(step: unknown): LimitStepSize {
  const text = String(step);
  const [, percent] = /^\s*\+\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text) ?? [];
  if (percent !== undefined && Number(percent) > 0) return { factor: 1 + Number(percent) / 100 };
  const [, rate] = /^\s*\+(.*)$/.exec(text) ?? [];
  if (rate === undefined || percent !== undefined)
    throw new RangeError(`'${text}' is not a step: ${EXAMPLE}`);
  return { perSecond: positiveRate(rate.trim() as FindLimitOptions['from']) };
}

function readConditions(texts: unknown, where: string, problems: PlanProblem[]): Condition[] {
  if (!Array.isArray(texts) || texts.length === 0) {
    problems.push({ where, message: 'has no conditions', hint: "use for example ['p99 < 300ms']" });
    return [];
  }
  return texts.flatMap((text: unknown, index) => {
    const place = `${where}[${index}]`;
    try {
      const condition = parseCondition(String(text));
      if (condition.windowSeconds === undefined) return [condition];
      const message = `'${condition.expression}' has a window, but a condition is judged over its step`;
      problems.push({ where: place, message, hint: "remove 'over …', or change hold" });
    } catch (error) {
      const hint = error instanceof ThresholdProblem ? error.hint : undefined;
      problems.push({ where: place, message: messageOf(error), hint });
    }
    return [];
  });
}
