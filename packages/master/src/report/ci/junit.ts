import { basename, extname } from 'node:path';
import type { RunResult } from '@drumline/wire';
import type { Comparison } from '../compare/comparison.js';
import { testCasesOf, type TestCase } from './test-cases.js';

/**
 * Renders the verdict of a run as JUnit XML, in the format of Jenkins (junit-10.xsd), which GitLab
 * reads too. Texts are in the bodies of elements, because GitLab ignores the attribute `message`.
 */
export function renderJunit(result: RunResult, comparison?: Comparison): string {
  const { run, verdict, exit, totals } = result;
  const cases = testCasesOf(result, comparison);
  const suite = basename(run.scenario, extname(run.scenario));
  const counts = {
    tests: cases.length,
    failures: cases.filter(({ outcome }) => outcome === 'failed').length,
    errors: 0,
    time: (run.durationMs / 1_000).toFixed(3),
  };
  const properties: Record<string, string> = {
    run: run.id,
    target: run.target ?? '',
    drumline: run.drumline,
    verdict,
    exit,
    requests: String(totals.requests),
    ...Object.fromEntries(Object.entries(run.labels ?? {}).map(([name, value]) => [`label.${name}`, value])),
  };
  const skipped = cases.filter(({ outcome }) => outcome === 'unknown').length;
  return `<?xml version="1.0" encoding="UTF-8"?>
${open('testsuites', { name: 'drumline', ...counts })}
  ${open('testsuite', { name: suite, ...counts, skipped, timestamp: run.startedAt.slice(0, 19) })}
    <properties>
${Object.entries(properties)
  .map(([name, value]) => `      ${open('property', { name, value }, '/')}\n`)
  .join('')}    </properties>
${cases.map((one) => caseOf(suite, one, one.group === 'run' ? counts.time : '0.000')).join('')}  </testsuite>
</testsuites>
`;
}

function caseOf(suite: string, { group, name, outcome, summary, details }: TestCase, time: string): string {
  const text = escapeXml([summary, ...details].join('\n'));
  const inner = {
    passed: `<system-out>${text}</system-out>`,
    failed: `${open('failure', { type: group, message: summary })}${text}</failure>`,
    unknown: open('skipped', { message: summary }, '/'),
  }[outcome];
  return `    ${open('testcase', { classname: `${suite}.${group}`, name, time })}\n      ${inner}\n    </testcase>\n`;
}

function open(
  element: string,
  attributes: Readonly<Record<string, string | number>>,
  end: '/' | '' = '',
): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`);
  return `<${element}${written.join('')}${end}>`;
}

/** Escapes text for elements and attributes. Characters that XML 1.0 excludes are replaced. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"'\t\n\r]/g, (char) => ENTITIES[char] ?? char);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
