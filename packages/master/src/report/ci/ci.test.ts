import { expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { sampleResult } from '../../../../../test/support/sample-result.js';
import { FOUND_LIMIT } from '../../../../../test/support/found-limit.js';
import { renderJunit } from './junit.js';
import { renderSummaryMarkdown } from './summary-md.js';

const threshold = {
  expression: 'p95 < 200ms',
  of: 'POST /checkout',
  unit: 'ms' as const,
  observed: 250,
  limit: 200,
  passed: false,
  brokenForMs: 12_000,
  firstBrokenAtMs: 35_000,
  margin: -0.25,
};

/** A result whose names and messages are hostile. */
function hostile(changes: Partial<RunResult> = {}): RunResult {
  const result = sampleResult();
  return {
    ...result,
    verdict: 'failed',
    exit: 'requests-failed',
    exitCode: 1,
    checks: [
      { name: `</testcase> & "x" | <b>`, passes: 1, fails: 2 },
      { name: 'fine', tags: { phase: 'peak' }, passes: 3, fails: 0 },
    ],
    errors: [{ ...result.errors[0]!, error: 'bad \u0000\u001b[31m\uD800 \n| @team `code` <script>' }],
    ...changes,
  };
}

/** The elements of a document with their depth; fails if they are not nested properly. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  const body = xml.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '');
  const left = body.replaceAll(
    /<(\/?)([\w-]+)((?: [\w-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|apos);[^"<&]*)*")*)(\/?)>/g,
    (_, close: string, name: string, __: string, empty: string) => {
      if (close) expect(open.pop()).toBe(name);
      else found.push([...open, name].join('/'));
      if (!close && !empty) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(left).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/);
  expect(Array.from(xml).filter((char) => !isAllowed(char.codePointAt(0)!))).toEqual([]);
  return found;
}

/** The characters of XML 1.0, section 2.2. */
function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code < 0xd800 || (code > 0xdfff && code !== 0xfffe && code !== 0xffff);
}

const CASE = 'testsuites/testsuite/testcase';

test('the JUnit file has a case for the verdict, each threshold and each check', () => {
  const xml = renderJunit(hostile({ exit: 'thresholds-failed', exitCode: 18, thresholds: [threshold] }));
  const elements = elementsOf(xml);
  expect(elements.filter((one) => one === CASE)).toHaveLength(4);
  expect(elements.filter((one) => one === `${CASE}/failure`)).toHaveLength(2);
  expect(xml).toMatch(/<testsuite name="\w+" tests="4" failures="2" errors="0"/);
  expect(xml).toMatch(
    /classname="\w+\.thresholds" name="POST \/checkout: p95 &lt; 200ms"[^>]*>\s*<failure [^>]*>250ms, 25% above\nbroken for 12s, first after 35s<\/failure>/,
  );
  expect(xml).toContain('name="fine [phase=peak]"');
  // Failed checks do not fail a run with thresholds.
  expect(xml).toContain('<system-out>2 of 3 failed</system-out>');
});

test('without thresholds, failed checks fail their case', () => {
  const xml = renderJunit(hostile());
  expect(elementsOf(xml).filter((one) => one === `${CASE}/failure`)).toHaveLength(2);
  expect(xml).toContain('name="&lt;/testcase&gt; &amp; &quot;x&quot; | &lt;b&gt;"');
  expect(xml).toMatch(/<failure type="run"[^>]*>failed: [^<]*\n[^<]*bad \uFFFD\uFFFD\[31m\uFFFD/);
});

test('a run that passed has no failures', () => {
  const xml = renderJunit(sampleResult({ verdict: 'passed', exit: 'passed', checks: [], errors: [] }));
  expect(elementsOf(xml).filter((one) => one.endsWith('failure'))).toEqual([]);
  expect(xml).toContain('failures="0"');
});

test('the Markdown summary has tables whose cells hold text of any kind', () => {
  const text = renderSummaryMarkdown(hostile({ thresholds: [threshold] }));
  expect(text).toMatch(/^## ❌ failed: /);
  expect(text).toContain('| ❌ | POST /checkout: p95 &#60; 200ms | 250ms, 25% above |');
  expect(text).toContain(String.raw`&#60;/testcase&#62; &#38; "x" \| &#60;b&#62;`);
  expect(text).toContain(String.raw`\| &#64;team \`code\` &#60;script&#62;`);
  for (const block of text.split('\n\n').filter((one) => one.startsWith('|'))) {
    const cells = block
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(String.raw`\|`, '').split('|').length);
    expect(new Set(cells).size).toBe(1);
  }
});

test('a search for a limit has its answer and its steps, and fails only without a rate', () => {
  const result = { ...sampleResult(), verdict: 'passed' as const, limit: FOUND_LIMIT };
  const junit = renderJunit(result);
  expect(elementsOf(junit)).toContain('testsuites/testsuite/testcase/system-out');
  expect(junit).toContain('name="findLimit"');
  expect(junit).toContain('The limit is 80/s: p90 &lt; 250ms did not hold at 100/s.');
  expect(junit).toContain('✗ 100/s p90 &lt; 250ms: 412.7ms');
  const markdown = renderSummaryMarkdown(result);
  expect(markdown).toContain('### The limit is 80/s: p90 &#60; 250ms did not hold at 100/s.');
  expect(markdown).toContain('| ❌ | 100/s | 412.7ms |  |');
  expect(markdown).toContain('| ❔ | 80/s | 900ms | w1 was the bottleneck in 1 of 4 seconds |');
  const none = { ...FOUND_LIMIT, perSecond: null, brokenAt: 60, steps: [FOUND_LIMIT.steps.at(-1)!] };
  expect(renderJunit({ ...result, limit: none })).toContain('<failure type="limit"');
});
