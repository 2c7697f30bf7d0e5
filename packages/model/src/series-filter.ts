import { RequestError } from './api-errors.js';
import { closest } from './suggest.js';

/** What names a series. */
export interface NamedSeries {
  /** See `shortSeriesId`; absent where series have none. */
  readonly id?: string;
  readonly protocol: string;
  readonly method: string;
  readonly name: string;
  readonly user: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a filter and an order look at. Times are milliseconds. */
interface ListedSeries extends NamedSeries {
  readonly requests: number;
  readonly failures: number;
  readonly rate: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly latencyMs: Readonly<
    Record<'min' | 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p99_9' | 'max', number>
  >;
}

/** Figures by which series are filtered and sorted. Times are milliseconds, shares from 0 to 1. */
const FIGURES: Readonly<Record<string, (series: ListedSeries) => number>> = {
  requests: ({ requests }) => requests,
  failures: ({ failures }) => failures,
  share: ({ failures, requests }) => (requests === 0 ? 0 : failures / requests),
  rate: ({ rate }) => rate,
  min: ({ latencyMs }) => latencyMs.min,
  mean: ({ latencyMs }) => latencyMs.mean,
  p50: ({ latencyMs }) => latencyMs.p50,
  p90: ({ latencyMs }) => latencyMs.p90,
  p95: ({ latencyMs }) => latencyMs.p95,
  p99: ({ latencyMs }) => latencyMs.p99,
  'p99.9': ({ latencyMs }) => latencyMs.p99_9,
  max: ({ latencyMs }) => latencyMs.max,
  sent: ({ bytesSent }) => bytesSent,
  received: ({ bytesReceived }) => bytesReceived,
};
const TEXTS: Readonly<Record<string, (series: NamedSeries) => string | undefined>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  method: ({ method }) => method,
  protocol: ({ protocol }) => protocol,
  user: ({ user }) => user,
  phase: ({ tags }) => tags['phase'],
};
const OPERATORS: Readonly<Record<string, (figure: number, limit: number) => boolean>> = {
  '>': (figure, limit) => figure > limit,
  '>=': (figure, limit) => figure >= limit,
  '<': (figure, limit) => figure < limit,
  '<=': (figure, limit) => figure <= limit,
  '=': (figure, limit) => figure === limit,
};
const FACTORS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, '%': 0.01, '/s': 1 };
/** Terms are separated by spaces or commas, except in quotes. */
const TERM = /(?:[^\s,"]|"[^"]*")+/g;
const HINT = 'For example: POST name:cart region=eu p95>300 failures>0.';

type NameTest = (series: NamedSeries) => boolean;
type FigureTest = (series: ListedSeries) => boolean;

/** A filter in two parts, because the figures of a series cost much more than its names. */
export interface SeriesFilter {
  readonly isNamed: NameTest;
  /** Tests the figures of a series that is named. */
  readonly fits: FigureTest;
}

/** Reads a filter. A series that is found passes both parts. @throws as `readFilter` */
export function readFilterParts(text: string): SeriesFilter {
  const figures: FigureTest[] = [];
  const names: NameTest[] = [];
  for (const term of text.match(TERM) ?? []) {
    const [, field = '', operator = '', given = ''] = /^([\w.-]+)(<=|>=|<|>|:|=)(.*)$/s.exec(term) ?? [];
    const value = given.replaceAll('"', '');
    if (operator === '') names.push(wordAlone(term.replaceAll('"', '')));
    else if (operator === ':' || (operator === '=' && own(FIGURES, field) === undefined))
      names.push(wordTest(field, value, operator));
    else figures.push(figureTest(field, operator, value, term));
  }
  return {
    isNamed: (series) => names.every((test) => test(series)),
    fits: (series) => figures.every((test) => test(series)),
  };
}

/**
 * Reads a filter such as `POST tier=gold name:cart p95>300`. All of its terms must hold. `name:`
 * and a word alone find a part of the name; a word alone also finds a method. Other words must be
 * equal, and may have alternatives: `method:GET|POST`. Case does not matter.
 * @throws RequestError `argument-invalid`
 */
export function readFilter(text: string): FigureTest {
  const { isNamed, fits } = readFilterParts(text);
  return (series) => isNamed(series) && fits(series);
}

/** Reads `p95`, or `-p95` for a descending order. @throws RequestError `argument-invalid` */
export function readOrder(text: string): (a: ListedSeries, b: ListedSeries) => number {
  const descending = text.startsWith('-');
  const field = text.replace(/^[-+]/, '');
  const sign = descending ? -1 : 1;
  const figure = own(FIGURES, field);
  if (figure) return (a, b) => sign * (figure(a) - figure(b));
  const word = own(TEXTS, field);
  if (word) return (a, b) => sign * (word(a) ?? '').localeCompare(word(b) ?? '');
  throw unknownField('sort', field, [...Object.keys(TEXTS), ...Object.keys(FIGURES)]);
}

function figureTest(field: string, operator: string, value: string, term: string): FigureTest {
  const figure = own(FIGURES, field);
  if (!figure) throw unknownField('filter', field, Object.keys(FIGURES));
  const limit = readLimit(value, term);
  return (series) => OPERATORS[operator]!(figure(series), limit);
}

/** @param operator `=` also names a tag */
function wordTest(field: string, value: string, operator: string): NameTest {
  if (field === 'name' && operator === ':') return containing(value);
  const wanted = new Set(value.toLowerCase().split('|'));
  const word = own(TEXTS, field);
  if (word) return (series) => wanted.has(word(series)?.toLowerCase() ?? '');
  const tag = /^tag\.(.+)$/.exec(field)?.[1] ?? (operator === '=' ? field : undefined);
  if (tag === undefined) throw unknownField('filter', field, [...Object.keys(TEXTS), 'tag.KEY']);
  return ({ tags }) => Object.hasOwn(tags, tag) && wanted.has(tags[tag]!.toLowerCase());
}

function wordAlone(word: string): NameTest {
  const isPart = containing(word);
  const wanted = word.toLowerCase();
  return (series) => isPart(series) || series.method.toLowerCase() === wanted;
}

function containing(part: string): NameTest {
  const wanted = part.toLowerCase();
  return ({ name }) => name.toLowerCase().includes(wanted);
}

function readLimit(text: string, term: string): number {
  const [, number, unit = ''] = /^(-?\d+(?:\.\d+)?)(.*)$/.exec(text) ?? [];
  const factor = own(FACTORS, unit);
  if (number !== undefined && factor !== undefined) return Number(number) * factor;
  throw new RequestError(
    'argument-invalid',
    `filter: '${term}' compares with something else than a number`,
    HINT,
  );
}

function unknownField(parameter: string, field: string, known: readonly string[]): RequestError {
  const near = closest(field, known);
  return new RequestError(
    'argument-invalid',
    `${parameter}: there is no field '${field}'`,
    near === undefined ? `The fields are: ${known.join(', ')}.` : `Did you mean ${near}?`,
  );
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
