import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { EXIT_CODES, NOTE_CODES } from '@drumline/model';
import { findGrpcProblems } from '../../packages/drivers/dist/grpc/check.js';
import { BATCH_KEYS, CALL_KEYS } from '../../packages/drivers/dist/grpc/client/option-keys.js';
import { findHttpProblems } from '../../packages/drivers/dist/http/check/find-problems.js';
import { EVENT_KEYS, REQUEST_KEYS } from '../../packages/drivers/dist/http/option-keys.js';
import { CONNECT_KEYS, WAIT_KEYS } from '../../packages/drivers/dist/ws/option-keys.js';
import * as scenarioKeys from '../../packages/scenario/dist/authoring/option-keys.js';

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The code of a page: in backticks, or in a block of code. */
function codeOf(name: string): string {
  const text = page(name);
  const blocks = text.match(/^```[\s\S]*?^```/gm) ?? [];
  const spans = text.replaceAll(/^```[\s\S]*?^```/gm, '').match(/`[^`\n]+`/g) ?? [];
  return [...blocks, ...spans].join('\n');
}

function missingIn(code: string, names: readonly string[]): string[] {
  return names.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(code));
}

/** Settings that a check knows: it lists them all where it cannot tell which one was meant. */
function settingsOf(find: (given: unknown, where: string) => readonly { hint?: string }[]): string[] {
  const [problem] = find({ qqqqqqqqqqqq: 1 }, '');
  return problem!.hint!.replace('it has ', '').split(', ');
}

test('docs/reference/result.md explains every note code', () => {
  expect(missingIn(codeOf('reference/result.md'), NOTE_CODES)).toEqual([]);
});

test('docs/reference/cli.md has every exit code', () => {
  expect(missingIn(page('reference/cli.md'), Object.keys(EXIT_CODES))).toEqual([]);
});

test('docs/scenarios.md has every setting of http', () => {
  const names = [
    ...settingsOf(findHttpProblems),
    ...settingsOf((given, where) => findHttpProblems({ tls: given }, where)),
    ...settingsOf((given, where) => findHttpProblems({ dns: given }, where)),
  ];
  expect(names).toEqual(expect.arrayContaining(['timeout', 'rejectUnauthorized', 'ttl']));
  expect(missingIn(codeOf('scenarios.md'), names)).toEqual([]);
});

test('docs/scenarios.md has every option of a gRPC service', () => {
  const names = settingsOf(findGrpcProblems);
  expect(names).toContain('deadline');
  expect(missingIn(codeOf('scenarios.md'), names)).toEqual([]);
});

test.each(
  Object.entries({
    REQUEST_KEYS,
    EVENT_KEYS,
    CONNECT_KEYS,
    WAIT_KEYS,
    CALL_KEYS,
    BATCH_KEYS,
    ...scenarioKeys,
  }),
)('docs/scenarios.md has every option of %s', (_, keys) => {
  expect(missingIn(codeOf('scenarios.md'), Object.keys(keys))).toEqual([]);
});
