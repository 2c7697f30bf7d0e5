import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFilter, readOrder, shortSeriesId } from '@drumline/model';
import type { ListedSeries } from '@drumline/wire';
import { keyOf } from '../report/timed-series.js';
import { type ListSeries } from './listed-series.js';
import { SeriesPages } from './series-pages.js';

const latencyMs = { min: 1, mean: 10, p50: 10, p90: 80, p95: 100, p99: 300, p99_9: 400, max: 500 };

function series(name: string, more: Partial<ListedSeries> = {}): ListedSeries {
  const whole = {
    protocol: 'http',
    method: 'GET',
    name,
    user: 'Buyer',
    tags: {},
    requests: 100,
    failures: 0,
    interrupted: 0,
    rate: 10,
    bytesSent: 1,
    bytesReceived: 2,
    latencyMs,
    ...more,
  };
  return { id: shortSeriesId(keyOf(whole)), ...whole };
}

const CART = series('/cart', { method: 'POST', failures: 5, tags: { region: 'eu', phase: 'peak' } });
const SLOW = series('/search me', { user: 'Guest', latencyMs: { ...latencyMs, p95: 1_500 } });
const CALL = series('shop.Cart/Add', { protocol: 'grpc', method: 'unary' });
const ALL = [CART, SLOW, CALL];

test.each([
  ['', ALL],
  ['cart', [CART, CALL]],
  ['name:CART', [CART, CALL]],
  ['"search me"', [SLOW]],
  ['name:"h me"', [SLOW]],
  ['method:post', [CART]],
  ['protocol:grpc', [CALL]],
  ['user:Guest', [SLOW]],
  ['phase:peak', [CART]],
  ['tag.region:eu', [CART]],
  ['tag.region:us', []],
  ['POST region=EU p95<300', [CART]],
  ['user=guest', [SLOW]],
  ['region=us', []],
  ['region=us|EU', [CART]],
  ['method:get|unary', [SLOW, CALL]],
  ['requests=100 unary', [CALL]],
  [`id:${CALL.id}`, [CALL]],
  ['tag.constructor:x', []],
  ['p95>300', [SLOW]],
  ['p95>1s', [SLOW]],
  ['p95>=100ms p95<=0.1s', [CART, CALL]],
  ['failures>0,cart', [CART]],
  ['share>=5%', [CART]],
  ['share>5%', []],
  ['p99.9>399 method:GET', [SLOW]],
])('the filter %j finds its series', (text, expected) => {
  expect(ALL.filter(readFilter(text))).toEqual(expected);
});

test.each([
  ['request>300', "filter: there is no field 'request'", 'Did you mean requests?'],
  ['p95>fast', "filter: 'p95>fast' compares with something else than a number", 'For example'],
  ['p95>300kg', "filter: 'p95>300kg' compares with something else than a number", 'For example'],
  ['methd:GET', "filter: there is no field 'methd'", 'Did you mean method?'],
  ['constructor>1', "filter: there is no field 'constructor'", 'The fields are: '],
])('the filter %j is refused with a hint', (text, message, hint) => {
  const problem = { code: 'argument-invalid', message, hint: expect.stringContaining(hint) };
  expect(() => readFilter(text)).toThrow(expect.objectContaining(problem));
});

test('an unknown order is refused', () => {
  expect(() => readOrder('-request')).toThrow(
    expect.objectContaining({ message: "sort: there is no field 'request'", hint: 'Did you mean requests?' }),
  );
});

const listOf =
  (all: readonly ListedSeries[]): ListSeries =>
  (isWanted) =>
    all.filter(isWanted);

const requests = fc.array(fc.nat(50), { maxLength: 40 });

test('pages contain each series of the first page once, in its order, whatever changes meanwhile', () => {
  fc.assert(
    fc.property(requests, requests, fc.integer({ min: 1, max: 9 }), (before, after, limit) => {
      const pages = new SeriesPages();
      const named = (counts: readonly number[]): ListedSeries[] =>
        counts.map((count, index) => series(`/${index}`, { requests: count }));
      const first = named(before);
      // All figures change, and series are added; none disappears.
      const changed = named(before.map((count, index) => count + (after[index] ?? 0)).concat(after));
      const seen: ListedSeries[] = [];
      let page = pages.page(listOf(first), { limit });
      const { total } = page;
      seen.push(...page.series);
      while (page.next !== undefined) {
        page = pages.page(listOf(changed), { limit, after: page.next });
        expect(page.total).toBe(total);
        expect(page.series.length).toBeLessThanOrEqual(limit);
        for (const one of page.series) expect(changed).toContainEqual(one);
        seen.push(...page.series);
      }
      const order = [...first].sort((a, b) => b.requests - a.requests).map(({ name }) => name);
      expect(seen.map(({ name }) => name)).toEqual(order);
    }),
  );
});

test('a page whose list is gone is refused', () => {
  const pages = new SeriesPages();
  const { next } = pages.page(listOf(ALL), { limit: 1 });
  for (let reader = 0; reader < 32; reader++) pages.page(listOf(ALL), { limit: 1 });
  const problem = { code: 'argument-invalid', hint: 'Begin again without `after`.' };
  for (const after of [next!, '', 'x'.repeat(40)])
    expect(() => pages.page(listOf(ALL), { limit: 1, after })).toThrow(expect.objectContaining(problem));
});
