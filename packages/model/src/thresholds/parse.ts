import { closest } from '../suggest.js';
import { formatDuration, parseDuration } from '../units.js';
import { kindWith, namesOf, statisticNamed, statisticsOf, unitsOf, type SubjectKind } from './statistics.js';
import type {
  Condition,
  Statistic,
  ThresholdOperator,
  ThresholdSubject,
  ThresholdUnit,
} from './threshold.js';

/** The longest sliding window, seconds. */
export const MAX_WINDOW_SECONDS = 3_600;

/** Why an expression is invalid, and what to write instead. */
export class ThresholdProblem extends Error {
  override readonly name = 'ThresholdProblem';

  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** The parts of an expression: up to the operator, the operator, the limit, the window. */
const SHAPE = /^(.*?)(<=|>=|==|!=|=<|=>|<|>|=)(.*?)(?:\sover\s(.*))?$/is;
const LIMIT = /^(-?(?:\d+(?:\.\d+)?|\.\d+))\s*([^\d\s].*)?$/s;

/** Suffixes of limits: their unit, and the exponent or factor to its base. */
const SUFFIXES: Readonly<Record<string, { unit: ThresholdUnit; exponent?: number; factor?: number }>> = {
  us: { unit: 'ms', exponent: -3 },
  µs: { unit: 'ms', exponent: -3 },
  ms: { unit: 'ms' },
  s: { unit: 'ms', exponent: 3 },
  m: { unit: 'ms', factor: 60_000 },
  '%': { unit: 'share', exponent: -2 },
  '/s': { unit: 'per-second' },
  '/m': { unit: 'per-second', factor: 1 / 60 },
  '/h': { unit: 'per-second', factor: 1 / 3_600 },
};

const OPERATOR_HINTS: Readonly<Record<string, string>> = {
  '=': 'write ==',
  '=<': 'write <=',
  '=>': 'write >=',
  '!=': 'write <, <=, >, >= or ==',
};

/** Examples of a limit with each unit. */
const EXAMPLES: Readonly<Record<ThresholdUnit, string>> = {
  ms: '300ms',
  share: '1%',
  count: '100',
  'per-second': '100/s',
  value: '100',
};

/**
 * Parses an expression such as `p99 < 300ms`, `error rate < 1%` or `rate >= 950/s over 30s`.
 * @throws ThresholdProblem
 */
export function parseCondition(text: string, kind: SubjectKind = 'requests'): Condition {
  const expression = text.trim().replaceAll(/\s+/g, ' ');
  const [, name = '', operator = '', limit = '', window] = SHAPE.exec(expression) ?? [];
  if (operator === '') throw problem(`'${expression}' compares nothing`, `write for example ${sample(kind)}`);
  const statistic = readStatistic(name.trim(), kind);
  const hint = OPERATOR_HINTS[operator];
  if (hint !== undefined) throw problem(`'${expression}' has the operator ${operator}`, hint);
  const value = readLimit(limit.trim(), statistic, kind, operator);
  const windowSeconds = window === undefined ? undefined : readWindow(window);
  return {
    expression,
    statistic,
    operator: operator as ThresholdOperator,
    ...value,
    ...(windowSeconds !== undefined && { windowSeconds }),
  };
}

function readStatistic(name: string, kind: SubjectKind): Statistic {
  const statistic = statisticNamed(name);
  if (statistic !== undefined && unitsOf(statistic, kind) !== undefined) return statistic;
  const known = `statistics of ${PLURALS[kind]} are ${statisticsOf(kind).join(', ')}`;
  if (statistic !== undefined) {
    const other = kindWith(statistic);
    throw problem(`'${name}' is a statistic of ${PLURALS[other]}, not of ${PLURALS[kind]}`, known);
  }
  const meant = closest(name.toLowerCase(), namesOf(kind));
  const quoted = name === '' ? 'the statistic is missing' : `there is no statistic '${name}'`;
  throw problem(quoted, meant === undefined ? known : `did you mean ${meant}?`);
}

const PLURALS: Readonly<Record<SubjectKind, string>> = {
  requests: 'requests',
  check: 'a check',
  metric: 'a metric',
};

function readLimit(
  text: string,
  statistic: Statistic,
  kind: SubjectKind,
  operator: string,
): Pick<Condition, 'limit' | 'unit'> {
  const units = unitsOf(statistic, kind)!;
  const write = (limit: string): string => `write for example ${statistic} ${operator} ${limit}`;
  const [, digits, suffix = ''] = LIMIT.exec(text) ?? [];
  if (digits === undefined)
    throw problem(
      text === '' ? 'the limit is missing' : `'${text}' is not a limit`,
      write(EXAMPLES[units[0]!]),
    );
  if (digits.startsWith('-') && !units.includes('value'))
    throw problem(`the limit ${text} is negative`, write(EXAMPLES[units[0]!]));
  const given = suffix.trim().toLowerCase();
  const parsed = Object.hasOwn(SUFFIXES, given) ? SUFFIXES[given] : undefined;
  const isBare = given === '';
  const unit = isBare ? units.find((one) => one === 'count' || one === 'value') : parsed?.unit;
  if (unit !== undefined && units.includes(unit)) {
    const { exponent = 0, factor = 1 } = parsed ?? {};
    // The exponent is exact: 0.7 / 100 is not 0.007.
    return { unit, limit: Number(`${digits}e${exponent}`) * factor };
  }
  if (isBare)
    throw problem(`the limit ${digits} has no unit`, missingUnit(digits, statistic, units[0]!, operator));
  throw problem(
    parsed === undefined ? `'${suffix}' is not a unit` : `${statistic} cannot be compared with ${text}`,
    write(units.map((one) => EXAMPLES[one]).join(' or ')),
  );
}

function missingUnit(digits: string, statistic: Statistic, unit: ThresholdUnit, operator: string): string {
  const value = Number(digits);
  if (statistic === 'rate' && value <= 1)
    return `rate is the number of requests per second; for the share of failures, write error rate ${operator} ${percent(value)}`;
  if (unit === 'share' && value < 1) return `write ${statistic} ${operator} ${percent(value)}`;
  const suffix = unit === 'ms' ? 'ms' : unit === 'share' ? '%' : '/s';
  return `write ${statistic} ${operator} ${digits}${suffix}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}

function readWindow(text: string): number {
  const hint = `write for example over 10s; whole seconds, at most ${formatDuration(MAX_WINDOW_SECONDS * 1_000)}`;
  let ms: number;
  try {
    ms = parseDuration(text.trim());
  } catch (error) {
    throw problem(`the window: ${(error as Error).message}`, hint);
  }
  const seconds = ms / 1_000;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_WINDOW_SECONDS)
    throw problem(`a window of ${text.trim()} is not possible`, hint);
  return seconds;
}

/**
 * Checks that a statistic is counted for the parts by which a subject is selected. Checks,
 * exceptions and schedules do not belong to a request.
 * @throws ThresholdProblem
 */
export function requireCounted(subject: ThresholdSubject, { statistic, expression }: Condition): void {
  if (subject.kind !== 'requests') return;
  const given = PARTS.filter((part) => subject[part] !== undefined);
  const isTagged = subject.tags?.some(([name]) => name !== 'phase') === true;
  const isInPhase = subject.tags?.some(([name]) => name === 'phase') === true;
  const isOnlyBy = (...parts: (typeof PARTS)[number][]): boolean =>
    given.every((part) => parts.includes(part));
  if (statistic === 'checks' && !isOnlyBy())
    throw problem(
      `'${expression}': checks do not belong to a request`,
      "write { check: 'NAME', is: 'passes > 99%' }",
    );
  if (statistic === 'exceptions' && (!isOnlyBy('user') || isTagged || isInPhase))
    throw problem(`'${expression}': exceptions are counted by user type only`, "write of: { user: 'NAME' }");
  const isOfSchedule = statistic === 'dropped' || statistic === 'late' || statistic === 'skipped';
  if (isOfSchedule && (!isOnlyBy('user') || isTagged))
    throw problem(
      `'${expression}': ${statistic} is counted by user type and phase only`,
      "write of: { user: 'NAME' } or of: { phase: 'NAME' }",
    );
}

const PARTS = ['request', 'protocol', 'method', 'name', 'user'] as const;

function sample(kind: SubjectKind): string {
  return { requests: 'p99 < 300ms', check: 'passes > 99%', metric: 'count >= 1000' }[kind];
}

function problem(message: string, hint: string): ThresholdProblem {
  return new ThresholdProblem(message, hint);
}
