import { expect, test } from '@jest/globals';
import { sampleResult } from '../../../../../test/support/sample-result.js';
import { renderHtml } from '../html.js';

test('the report marks annotations in the charts, and lists them as text', () => {
  const at = '2026-01-01T00:00:02.000Z';
  const page = renderHtml({ ...sampleResult(), annotations: [{ at, text: '<b>deployed</b>' }] });
  expect(page).toContain('<td>&lt;b&gt;deployed&lt;/b&gt;</td>');
  expect(page).not.toContain('<b>deployed');
  expect(page).toMatch(/"annotations":\[\{"at":-?[\d.]+,"text":/);
  expect(renderHtml(sampleResult())).not.toContain('id="annotations"');
});
