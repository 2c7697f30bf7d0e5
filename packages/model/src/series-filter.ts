import { RequestError } from './api-errors.js';
import { closest } from './suggest.js';

/** What a filter and an order look at. Times are milliseconds. */
interface ListedSeries {
  readonly protocol: string;
  readonly method: string;
  readonly name: string;
  readonly user: string;
  readonly tags: Readonly<Record<string, string>>;
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
const TEXTS: Readonly<Record<string, (series: ListedSeries) => string | undefined>> = {
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
};
const FACTORS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, '%': 0.01, '/s': 1 };
/** Terms are separated by spaces or commas, except in quotes. */
const TERM = /(?:[^\s,"]|"[^"]*")+/g;
const HINT = 'For example: method:POST name:cart tag.region:eu p95>300 failures>0.';

type Test = (series: ListedSeries) => boolean;

/**
 * Reads a filter such as `method:POST name:cart p95>300`. All of its terms must hold. `name:` and a
 * word alone find a part of the name; other words must be equal. Case does not matter.
 * @throws RequestError `argument-invalid`
 */
export function readFilter(text: string): Test {
  const tests = (text.match(TERM) ?? []).map(readTerm);
  return (series) => tests.every((test) => test(series));
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

function readTerm(term: string): Test {
  const [, field = '', operator = '', given = ''] = /^([\w.-]+)(<=|>=|<|>|:)(.*)$/s.exec(term) ?? [];
  const value = given.replaceAll('"', '');
  if (operator === '') return containing('name', term.replaceAll('"', ''));
  if (operator === ':') return wordTest(field, value);
  const figure = own(FIGURES, field);
  if (!figure) throw unknownField('filter', field, Object.keys(FIGURES));
  const limit = readLimit(value, term);
  return (series) => OPERATORS[operator]!(figure(series), limit);
}

function wordTest(field: string, value: string): Test {
  if (field === 'name') return containing(field, value);
  const wanted = value.toLowerCase();
  const tag = /^tag\.(.+)$/.exec(field)?.[1];
  if (tag !== undefined) return ({ tags }) => Object.hasOwn(tags, tag) && tags[tag]!.toLowerCase() === wanted;
  const word = own(TEXTS, field);
  if (!word) throw unknownField('filter', field, [...Object.keys(TEXTS), 'tag.KEY']);
  return (series) => word(series)?.toLowerCase() === wanted;
}

function containing(field: string, part: string): Test {
  const wanted = part.toLowerCase();
  return (series) => TEXTS[field]!(series)!.toLowerCase().includes(wanted);
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
