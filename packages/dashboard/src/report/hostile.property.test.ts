import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderHtml } from '@drumline/dashboard/report';
import type { RunResult } from '@drumline/client';
import { dataOf } from '../../../../test/support/html-report.js';
import { sampleResult } from '../../../../test/support/sample-result.js';
import { timedSeries } from '../../../../test/support/timed-series.js';

const HOSTILE = `</script><script>alert(1)</script><img src=x onerror="alert('2')"><!--&amp;`;

test('is self-contained, and its policy allows its own script and style only', () => {
  const page = renderHtml(sampleResult());
  expect(page).not.toMatch(/<(?:script|img|iframe|link|source)[^>]*\s(?:src|href)\s*=\s*"(?!data:)/i);
  expect(page).not.toMatch(/@import|url\(|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\sstyle="/);
  const [, style] = /<style>([^]*?)<\/style>/.exec(page)!;
  const [, script] = /<script>([^]*?)<\/script>/.exec(page)!;
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
  expect(policy!.split('; ')).toEqual([
    "default-src 'none'",
    `script-src '${hashOf(script!)}'`,
    `style-src '${hashOf(style!)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(() => new Script(script!)).not.toThrow();
});

test('escapes all text from the scenario or the target', () => {
  const page = rendered(poisoned(HOSTILE));
  expect(tagsOf(page)).toEqual(tagsOf(rendered(sampleResult())));
  expect(page).not.toContain(HOSTILE);
  expect(page).toContain('&lt;/script>&lt;script>alert(1)');
});

test('escapes any text, and its data are those of the result', () => {
  const clean = tagsOf(rendered(sampleResult()));
  const part = fc.constantFrom(
    '</script>',
    '<!--',
    '<script',
    '"',
    "'",
    '&',
    '<',
    '\u2028',
    ']]>',
    'x',
    '</style>',
  );
  const texts = fc.array(fc.oneof(part, fc.string({ unit: 'grapheme' })), { maxLength: 5 });
  fc.assert(
    fc.property(texts, (parts) => {
      const hostile = poisoned(parts.join(''));
      const page = rendered(hostile);
      expect(tagsOf(page)).toEqual(clean);
      const { timeline, ...rest } = hostile;
      expect(timeline.length).toBeGreaterThan(0);
      expect(dataOf(page)).toEqual(JSON.parse(JSON.stringify(rest)));
    }),
    { numRuns: 10 },
  );
});

/** A report with charts of the series. */
function rendered(result: RunResult): string {
  return renderHtml(result, timedSeries(result, 60));
}

/** The elements that hostile text would add. */
function tagsOf(page: string): string[] {
  return page
    .replace(/<style>[^]*?<\/style>|<script>[^]*?<\/script>/g, '')
    .match(/<\/?(?:script|style|img|iframe|link|meta|html|body)\b|<!--/gi)!;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** A sample whose texts are all hostile. */
function poisoned(hostile: string): RunResult {
  const result = sampleResult();
  const poison = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(poison);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, KEPT.has(key) ? inner : poison(inner)]),
      );
    }
    return typeof value === 'string' ? hostile : value;
  };
  return poison({
    ...result,
    series: result.series.map((row) => ({ ...row, tags: { [hostile]: hostile } })),
  }) as RunResult;
}

/** Text of Drumline itself, which no target can influence. */
const KEPT = new Set(['schema', 'verdict', 'kind', 'at', 'startedAt', 'state']);
