import { describe, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/client';
import { shown, tableOf } from '../../../../test/support/html-report.js';
import { emptyResult, sampleResult } from '../../../../test/support/sample-result.js';

describe('the charts of a report', () => {
  test('has each chart as a picture, with its values as a table', () => {
    const page = shown(sampleResult());
    expect(page.match(/<svg class="svg-chart"/g)).toHaveLength(4);
    expect(page).toContain('<caption>Requests per second: means from each time to the next</caption>');
    // The colors are in attributes, for pages whose style sheet is refused.
    expect(page).toMatch(/<path class="s-blue" stroke="#2f62e0"/);
    expect(page.match(/<svg class="svg-chart"[^]*?<\/svg>/g)!.join()).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('shows the starts of a load with a rate, planned and as they were', () => {
    const page = shown(ratedResult());
    for (const text of ['id="schedule"', 'id="chart-starts"', '10.0 %', '>Planned<', '>Dropped<'])
      expect(page).toContain(text);
    expect(shown(sampleResult())).not.toContain('id="chart-starts"');
  });

  test('marks annotations in the charts, and lists them as text', () => {
    const at = '2025-03-01T14:05:39.000Z';
    const page = shown({ ...sampleResult(), annotations: [{ at, text: '<b>deployed</b>' }] });
    expect(page).toContain('<td>&lt;b>deployed&lt;/b></td>');
    expect(page.match(/stroke-dasharray="4 4"/g)).toHaveLength(4);
    expect(shown(sampleResult())).not.toContain('id="annotations"');
  });
});

describe('the statuses in a report', () => {
  const pageWith = (statuses: Record<string, number>): string => {
    const counts = { requests: 100, failures: 0, interrupted: 0, statuses };
    const [first] = sampleResult().series;
    const totals = { ...sampleResult().totals, ...counts };
    return shown(emptyResult({ totals, series: [{ ...first!, ...counts }] }));
  };

  test('are left out if all requests have the same', () => {
    expect(pageWith({ 200: 100 })).not.toContain('id="statuses"');
  });

  test('have a column for requests without a response', () => {
    const page = tableOf(pageWith({ 200: 58 }), 'statuses');
    expect(page).toContain('No response');
    expect(page).toContain('<td class="num">42</td>');
  });

  test('are summed up if they are many', () => {
    const page = pageWith(Object.fromEntries(Array.from({ length: 14 }, (_, i) => [400 + i, i + 1])));
    expect(page).toContain('3 others');
    expect(tableOf(page, 'statuses')).toContain('<td class="num">6</td>');
  });
});

/** A result of a load with a rate. */
function ratedResult(): RunResult {
  const starts = { started: 9, late: 1, dropped: 1, skipped: 0 };
  const { timeline } = sampleResult();
  return sampleResult({
    schedule: [{ user: 'shopper', phase: 'rate', started: 90, late: 9, dropped: 10, skipped: 0 }],
    timeline: timeline.map((point) => ({ ...point, starts, plannedRate: 10 })),
  });
}
