import { expect, test } from '@jest/globals';
import type { RunView } from '@drumline/wire';
import { pageOf } from './runs-page.js';

const RUNS = ['queued', 'running', 'finished', 'failed', 'finished'].map((state, index): RunView => ({
  runId: `r${index}`,
  scenario: 'shop.ts',
  scenarioPath: 'shop.ts',
  labels: { team: index < 3 ? 'pay' : 'search' },
  state,
  workersWanted: 'all',
  submittedAt: `2026-11-29T12:00:0${9 - index}.000Z`,
}));
const idsOf = (runs: readonly RunView[]): string[] => runs.map(({ runId }) => runId);

test('a list of runs is filtered by state and label', () => {
  expect(idsOf(pageOf(RUNS, { state: ['active'] }).runs)).toEqual(['r0', 'r1']);
  expect(idsOf(pageOf(RUNS, { state: ['failed', 'queued'] }).runs)).toEqual(['r0', 'r3']);
  expect(idsOf(pageOf(RUNS, { state: ['finished'], labels: { team: 'pay' } }).runs)).toEqual(['r2']);
  expect(pageOf(RUNS, { labels: { team: 'none' } })).toEqual({ runs: [] });
});

test('its pages have each run once', () => {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = pageOf(RUNS, { limit: 2, ...(after !== undefined && { after }) });
    found.push(...idsOf(page.runs));
    after = page.next;
  } while (after !== undefined);
  expect(found).toEqual(idsOf(RUNS));
});

test('a page continues after a run that was removed meanwhile', () => {
  const { next } = pageOf(RUNS, { limit: 2 });
  const without = RUNS.filter(({ runId }) => runId !== 'r1');
  expect(idsOf(pageOf(without, { after: next! }).runs)).toEqual(['r2', 'r3', 'r4']);
  const { next: last } = pageOf(RUNS, { limit: 4 });
  expect(pageOf(RUNS.slice(0, 3), { after: last! })).toEqual({ runs: [] });
  expect(() => pageOf(RUNS, { after: 'r1' })).toThrow('after must be `next` of the page before');
});
