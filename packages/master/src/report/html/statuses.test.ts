import { describe, expect, test } from '@jest/globals';
import { emptyResult, sampleResult } from '../../../../../test/support/sample-result.js';
import { renderHtml } from '../html.js';

/** A report of one series with 100 requests. */
function pageWith(statuses: Record<string, number>): string {
  const counts = { requests: 100, failures: 0, interrupted: 0, statuses };
  const [first] = sampleResult().series;
  const totals = { ...sampleResult().totals, ...counts };
  return renderHtml(emptyResult({ totals, series: [{ ...first!, ...counts }] }));
}

describe('the statuses in a report', () => {
  test('are left out if all requests have the same', () => {
    expect(pageWith({ 200: 100 })).not.toContain('id="statuses"');
  });

  test('have a column for requests without a response', () => {
    const page = pageWith({ 200: 58 });
    expect(page).toContain('No response');
    expect(page).toContain('data-sort="42"');
  });

  test('are summed up if they are many', () => {
    const page = pageWith(Object.fromEntries(Array.from({ length: 14 }, (_, i) => [400 + i, i + 1])));
    expect(page).toContain('3 others');
    expect(page).toContain('<td class="num" data-sort="6">6</td>');
  });
});
