import { expect, test } from '@jest/globals';
import { sampleParts } from '../../../../../test/support/sample-parts.js';
import { sampleResult } from '../../../../../test/support/sample-result.js';
import { renderHtml } from '../html.js';

test('shows the starts of a load with a rate, planned and as they were', () => {
  const schedule = [{ user: 'shopper', phase: 'rate', started: 90, late: 9, dropped: 10, skipped: 0 }];
  const starts = { started: 9, late: 1, dropped: 1, skipped: 0 };
  const { timeline, notes } = sampleResult();
  const rated = {
    schedule,
    timeline: timeline.map((point) => ({ ...point, starts })),
    notes: notes.filter(({ code }) => code !== 'paused' && code !== 'load-changed'),
    plan: {
      load: { parts: sampleParts().map((part) => ({ ...part, startMs: 0 })) },
      seed: 1,
      userTypes: [],
      stopTimeoutMs: 1,
    },
  };
  const page = renderHtml(sampleResult(rated));
  for (const text of ['id="schedule"', 'id="chart-starts"', '"planned":[20,20,', '"dropped":[1,1,', '10.0 %'])
    expect(page).toContain(text);
  const moved = [...rated.notes, { code: 'paused', message: 'Paused.' }];
  expect(renderHtml(sampleResult({ ...rated, notes: moved }))).toContain('"planned":null');
  expect(renderHtml(sampleResult())).not.toContain('id="chart-starts"');
});
