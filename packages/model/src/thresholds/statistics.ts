import type { Statistic, ThresholdUnit } from './threshold.js';

/** What an expression is about. Each has statistics of its own. */
export type SubjectKind = 'requests' | 'check' | 'metric';

type Named = Exclude<Statistic, `p${number}`>;

/** The units that each statistic can have. The first one is used in suggestions. */
const TIMES = ['ms'] as const;
const VALUES = ['value', 'ms'] as const;
const COUNT = ['count'] as const;
const SHARE_OR_COUNT = ['share', 'count'] as const;

type Units = readonly ThresholdUnit[];

const STATISTICS: Readonly<Record<SubjectKind, Readonly<Partial<Record<Named | 'p', Units>>>>> = {
  requests: {
    p: TIMES,
    mean: TIMES,
    min: TIMES,
    max: TIMES,
    count: COUNT,
    rate: ['per-second'],
    'error rate': ['share'],
    failures: COUNT,
    exceptions: COUNT,
    dropped: SHARE_OR_COUNT,
    late: SHARE_OR_COUNT,
    skipped: SHARE_OR_COUNT,
    checks: ['share'],
  },
  check: { passes: SHARE_OR_COUNT, fails: SHARE_OR_COUNT },
  metric: {
    p: VALUES,
    mean: VALUES,
    min: VALUES,
    max: VALUES,
    last: VALUES,
    sum: VALUES,
    count: COUNT,
    rate: ['per-second', 'share'],
  },
};

/** Other names, including those of k6. */
const ALIASES: Readonly<Record<string, Named | 'p50'>> = {
  avg: 'mean',
  average: 'mean',
  med: 'p50',
  median: 'p50',
  errors: 'failures',
  'error-rate': 'error rate',
  errorrate: 'error rate',
  value: 'last',
};

/** A quantile as `p99`, `p99.9` or, as in k6, `p(99)`. */
const QUANTILE = /^p\s*(?:\(\s*(\d{1,2}(?:\.\d{1,4})?)\s*\)|(\d{1,2}(?:\.\d{1,4})?))$/;

/** The statistic that a text names; undefined if it names none. */
export function statisticNamed(text: string): Statistic | undefined {
  const name = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const [, inBrackets, plain] = QUANTILE.exec(name) ?? [];
  const percent = inBrackets ?? plain;
  if (percent !== undefined) return Number(percent) > 0 ? `p${Number(percent)}` : undefined;
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  if (alias !== undefined) return alias;
  return Object.values(STATISTICS).some((table) => Object.hasOwn(table, name) && name !== 'p')
    ? (name as Statistic)
    : undefined;
}

/** The units of a statistic; undefined if the subject does not have it. */
export function unitsOf(statistic: Statistic, kind: SubjectKind): Units | undefined {
  return STATISTICS[kind][/^p\d/.test(statistic) ? 'p' : (statistic as Named)];
}

/** The names of all statistics of a subject, for suggestions. */
export function statisticsOf(kind: SubjectKind): string[] {
  return Object.keys(STATISTICS[kind]).flatMap((name) => (name === 'p' ? ['p50', 'p95', 'p99'] : [name]));
}

/** All names that are understood for a subject, for finding misspelt ones. */
export function namesOf(kind: SubjectKind): string[] {
  const aliases = Object.keys(ALIASES).filter((alias) => unitsOf(ALIASES[alias]!, kind) !== undefined);
  return [...statisticsOf(kind), 'p90', 'p99.9', ...aliases];
}

/** Which subject has a statistic, for hints. */
export function kindWith(statistic: Statistic): SubjectKind {
  const kinds = ['requests', 'check', 'metric'] as const;
  return kinds.find((kind) => unitsOf(statistic, kind) !== undefined)!;
}
