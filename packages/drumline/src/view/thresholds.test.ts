import { expect, test } from '@jest/globals';
import { readRunResult, type ThresholdView } from '@drumline/wire';
import picocolors from 'picocolors';
import { emptyResult, sampleResult } from '../../../../test/support/sample-result.js';
import { sampleThresholds } from '../../../../test/support/sample-thresholds.js';
import { renderSummary } from './summary.js';
import { widthOf } from './text.js';
import {
  describeThreshold,
  describeThresholdEvent,
  liveThresholdLines,
  thresholdLines,
} from './thresholds.js';

const colors = picocolors.createColors(false);

test('a line for each threshold has its figure, margin and time, or why it had no data', () => {
  expect(readRunResult({ ...sampleResult(), thresholds: sampleThresholds() })).toHaveProperty('result');
  expect(thresholdLines(sampleThresholds(), colors, 100)).toEqual([
    '✓ p99 < 300ms                         287ms  4.3% below',
    '✗ POST /orders: p95 < 200ms over 10s  412ms  106% above, broken for 12s, first at 00:35, ended the',
    '                                             run',
    "✗ check status is 20: passes > 99%        –  no check 'status is 20' was made; did you mean 'status",
    "                                             is 200'?",
  ]);
  expect(thresholdLines(undefined, colors, 80)).toEqual([]);
});

test.each([60, 80, 120])('the summary shows them in %i columns, and counts those that failed', (width) => {
  const thresholds = sampleThresholds();
  const result = {
    ...emptyResult(),
    thresholds,
    exit: 'thresholds-failed',
    exitCode: 18,
    verdict: 'failed',
  } as const;
  const text = renderSummary(result, { color: false, width });
  for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
  expect(text).toContain('2 of 3 thresholds failed');
  expect(text).toContain('✓ p99 < 300ms');
  const first = renderSummary(
    { ...emptyResult(), thresholds: thresholds.slice(0, 1) },
    { color: false, width },
  );
  expect(first).toContain('The threshold passed');
});

const view = (expression: string, broken: boolean, brokenForMs = 0): ThresholdView => ({
  expression,
  of: '',
  unit: 'ms',
  observed: 250,
  limit: 300,
  broken,
  brokenForMs,
});

test('the live view shows broken thresholds first, and the number of the others', () => {
  const views = [...Array(12).keys()].map((n) => view(`p${n + 10} < 300ms`, n === 11, n === 11 ? 3_000 : 0));
  const lines = liveThresholdLines(views, colors, 80, 5);
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/^✗ p21 < 300ms +250ms +broken for 3s$/);
  expect(lines[2]).toMatch(/^✓ p10 < 300ms +250ms$/);
  expect(lines.at(-1)).toBe('9 more');
  expect(liveThresholdLines(undefined, colors, 80, 5)).toEqual([]);
});

test('a threshold and its events are described in one line', () => {
  expect(describeThreshold(view('p99 < 300ms', true, 3_000))).toBe(
    'p99 < 300ms is broken: 250ms, broken for 3s',
  );
  expect(describeThreshold({ ...view('p99 < 300ms', false), observed: null })).toBe(
    'p99 < 300ms has no data yet',
  );
  const event = { type: 'threshold', at: '2026-01-01T00:00:00Z', ...view('mean < 3s', false) } as const;
  expect(describeThresholdEvent({ ...event, of: 'GET /', state: 'recovered' })).toBe(
    'threshold: GET /: mean < 3s has recovered: 250ms',
  );
});
