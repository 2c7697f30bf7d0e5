import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { EXIT_CODES, NOTE_CODES } from '@drumline/model';
import { findGrpcProblems } from '../../packages/drivers/dist/grpc/check.js';
import { BATCH_KEYS, CALL_KEYS } from '../../packages/drivers/dist/grpc/client/option-keys.js';
import { findHttpProblems } from '../../packages/drivers/dist/http/check/find-problems.js';
import {
  EVENT_KEYS,
  MULTIPART_FILE_KEYS,
  REQUEST_KEYS,
} from '../../packages/drivers/dist/http/option-keys.js';
import { CONNECT_KEYS, WAIT_KEYS } from '../../packages/drivers/dist/ws/option-keys.js';
import * as scenarioKeys from '../../packages/scenario/dist/authoring/option-keys.js';

const DOCS = new URL('../../docs/', import.meta.url);

const page = (name: string): string => readFileSync(new URL(name, DOCS), 'utf8');

/** The code of pages: in backticks, or in a block of code. */
function codeOf(...names: readonly string[]): string {
  const text = names.map(page).join('\n');
  const blocks = text.match(/^```[\s\S]*?^```/gm) ?? [];
  const spans = text.replaceAll(/^```[\s\S]*?^```/gm, '').match(/`[^`\n]+`/g) ?? [];
  return [...blocks, ...spans].join('\n');
}

function missingIn(code: string, names: readonly string[]): string[] {
  return names.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(code));
}

/** The settings that a check accepts. The hint for an unknown name lists all of them. */
function settingsOf(find: (given: unknown, where: string) => readonly { hint?: string }[]): string[] {
  const [problem] = find({ qqqqqqqqqqqq: 1 }, '');
  return problem!.hint!.replace('known options: ', '').split(', ');
}

test('the pages on results and troubleshooting explain every note code', () => {
  const pages = ['reference/result.md', 'troubleshooting.md'].filter((name) =>
    existsSync(new URL(name, DOCS)),
  );
  expect(missingIn(codeOf(...pages), NOTE_CODES)).toEqual([]);
});

test('docs/reference/cli.md has every exit code', () => {
  expect(missingIn(page('reference/cli.md'), Object.keys(EXIT_CODES))).toEqual([]);
});

test('docs/guide/http.md has every setting of http', () => {
  const names = [
    ...settingsOf(findHttpProblems),
    ...settingsOf((given, where) => findHttpProblems({ tls: given }, where)),
    ...settingsOf((given, where) => findHttpProblems({ dns: given }, where)),
  ];
  expect(names).toEqual(expect.arrayContaining(['timeout', 'rejectUnauthorized', 'ttl']));
  expect(missingIn(codeOf('guide/http.md'), names)).toEqual([]);
});

test('docs/guide/grpc.md has every option of a gRPC service', () => {
  const names = settingsOf(findGrpcProblems);
  expect(names).toContain('deadline');
  expect(missingIn(codeOf('guide/grpc.md'), names)).toEqual([]);
});

test.each([
  ['http.md', { REQUEST_KEYS, EVENT_KEYS, MULTIPART_FILE_KEYS }],
  ['websocket.md', { CONNECT_KEYS, WAIT_KEYS }],
  ['grpc.md', { CALL_KEYS, BATCH_KEYS }],
])('docs/guide/%s has every option of its calls', (name, keys) => {
  const names = Object.values(keys).flatMap((one) => Object.keys(one));
  expect(missingIn(codeOf(`guide/${name}`), names)).toEqual([]);
});

test('the guide has every option of the scenario functions', () => {
  const pages = readdirSync(new URL('guide/', DOCS)).map((name) => `guide/${name}`);
  const names = Object.values(scenarioKeys).flatMap((keys) => Object.keys(keys));
  expect(names).toContain('stopTimeout');
  expect(missingIn(codeOf(...pages), names)).toEqual([]);
});
