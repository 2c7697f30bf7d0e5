import { closest, describeSubject, marginOf, type Threshold } from '@drumline/model';
import type { Judgment, ThresholdJudge, TotalsSnapshot } from '@drumline/stats';
import type { RunInterval, ThresholdResult } from '@drumline/wire';

type Names = Pick<TotalsSnapshot, 'series' | 'checks' | 'metrics'>;

/** How the thresholds of a run stand at present. */
export function thresholdStates({ states }: Pick<ThresholdJudge, 'states'>): RunInterval['thresholds'] {
  return states.map(({ threshold, observed, isBroken, brokenSeconds }) => ({
    expression: threshold.expression,
    of: describeSubject(threshold.subject),
    unit: threshold.unit,
    observed: observed ?? null,
    limit: threshold.limit,
    broken: isBroken,
    brokenForMs: brokenSeconds * 1_000,
  }));
}

/** The judgments of a run as its result shows them. */
export function thresholdResultsOf(
  judgments: readonly Judgment[],
  names: Names,
  durationMs: number,
): ThresholdResult[] {
  return judgments.map(({ threshold, observed, passed, firstBrokenSecond, brokenSeconds, aborted }) => {
    const margin = observed === undefined ? undefined : marginOf(threshold, observed);
    return {
      expression: threshold.expression,
      of: describeSubject(threshold.subject),
      unit: threshold.unit,
      observed: observed === undefined ? null : rounded(observed),
      limit: threshold.limit,
      passed,
      ...(firstBrokenSecond !== undefined && { firstBrokenAtMs: (firstBrokenSecond + 1) * 1_000 }),
      brokenForMs: Math.min(brokenSeconds * 1_000, durationMs),
      ...(margin !== undefined && { margin }),
      ...(aborted && { aborted }),
      ...(observed === undefined && { problem: whyNoData(threshold, names) }),
    };
  });
}

/** Six decimals: nanoseconds, or one in a million. */
function rounded(figure: number): number {
  return Math.round(figure * 1e6) / 1e6;
}

/** Why a threshold has no figure, with the names that were probably meant. */
function whyNoData({ subject, statistic, unit }: Threshold, { series, checks, metrics }: Names): string {
  switch (subject.kind) {
    case 'check': {
      return `no check '${subject.name}'${tagged(subject)} was made${nameHint(subject, checks)}`;
    }
    case 'metric': {
      const known = metrics.filter((metric) => metric.name === subject.name && hasTags(metric, subject));
      const kinds = [...new Set(known.map(({ kind }) => kind))];
      if (kinds.length > 0) {
        const figures = kinds.map((kind) => FIGURES[kind]).join('; ');
        const what =
          unit === 'share' ? `share as its ${statistic}` : unit === 'per-second' ? 'rate' : statistic;
        return `metric '${subject.name}' is a ${kinds.join(' and a ')}, which has no ${what}; it has ${figures}`;
      }
      return `nothing was added to a metric '${subject.name}'${tagged(subject)}${nameHint(subject, metrics)}`;
    }
    case 'requests': {
      if (statistic === 'checks') return 'no check was made';
      const label = describeSubject(subject);
      const { request, name } = subject;
      const keys = series.map(({ key }) => key);
      const named = request ?? name;
      const names = keys.map((key) =>
        request === undefined ? key.name : `${key.method} ${key.name}`.trim(),
      );
      const hint = named === undefined ? tagHint(subject, keys) : didYouMean(named, [...new Set(names)]);
      return label === '' ? 'no request was made' : `no request of ${label} was made${hint}`;
    }
  }
}

const FIGURES: Readonly<Record<Names['metrics'][number]['kind'], string>> = {
  counter: 'count, and rate in /s',
  gauge: 'last, min, max',
  rate: 'rate in %, and count',
  trend: 'mean, min, max, p50 to p99.99, count',
};

function tagged({ tags = [] }: Threshold['subject']): string {
  return tags.length === 0 ? '' : ` with ${tags.map(([name, value]) => `${name}=${value}`).join(', ')}`;
}

const MOST_NAMES = 5;

/** The most similar name, or else some names. */
function didYouMean(name: string, names: readonly string[]): string {
  const meant = closest(name, names) ?? names.find((one) => contains(one, name) || contains(name, one));
  if (meant !== undefined && meant !== name) return `; did you mean '${meant}'?`;
  const shown = names.filter((one) => one !== name).slice(0, MOST_NAMES);
  const more = names.length > shown.length ? ', …' : '';
  return shown.length === 0 ? '' : `; there were ${shown.map((one) => `'${one}'`).join(', ')}${more}`;
}

function contains(text: string, part: string): boolean {
  return part !== '' && text.toLowerCase().includes(part.toLowerCase());
}

interface Tagged {
  readonly tags?: readonly (readonly [string, string])[];
}

function hasTags({ tags = [] }: Tagged, wanted: Tagged): boolean {
  return (wanted.tags ?? []).every(([name, value]) => tags.some(([a, b]) => a === name && b === value));
}

/** Names of checks or metrics that were probably meant; if the name is right, values of the tag. */
function nameHint(
  subject: Tagged & { readonly name: string },
  all: readonly (Tagged & { readonly name: string })[],
): string {
  const same = all.filter(({ name }) => name === subject.name);
  if (same.length > 0) return tagHint(subject, same);
  return didYouMean(subject.name, [...new Set(all.map(({ name }) => name))]);
}

/** The values that a selected tag had. */
function tagHint({ tags = [] }: Tagged, keys: readonly Tagged[]): string {
  const [wanted] = tags;
  if (!wanted) return '';
  const values = keys.flatMap((key) =>
    (key.tags ?? []).filter(([name]) => name === wanted[0]).map(([, value]) => value),
  );
  return didYouMean(wanted[1], [...new Set(values)]);
}
