// docs/troubleshooting.md has an entry, which is a heading or a first column, for each outcome.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { EXIT_CODES, HINTED_FAILURES, NOTE_CODES } from '@drumline/model';
import * as failures from '../../packages/drivers/dist/engine/failure.js';
import { StatusCode } from '../../packages/drivers/dist/grpc/status.js';
import { proxyRefusal } from '../../packages/drivers/dist/undici/proxy.js';

const PAGE = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');

/** The table rows of a section, as cells. */
function rowsOf(section: string): string[][] {
  const text = PAGE.split(/^## /m).find((part) => part.startsWith(`${section}\n`))!;
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

/** The code spans in the first cells of a section. */
function entriesOf(section: string): string[] {
  return rowsOf(section).flatMap((cells) => [...cells[1]!.matchAll(/`([^`]+)`/g)].map(([, code]) => code!));
}

test('every exit code has an entry with its name', () => {
  const entries = rowsOf('Exit codes').map(([, code, name]) => `${code} ${name}`);
  const expected = Object.entries(EXIT_CODES).map(([name, { exitCode }]) => `${exitCode} \`${name}\``);
  expect(entries).toEqual(expect.arrayContaining(expected));
});

test('every note code has exactly one entry', () => {
  expect(entriesOf('Notes').toSorted()).toEqual(NOTE_CODES.toSorted());
});

test('every failure with a hint has an entry', () => {
  const entries = entriesOf('Failures');
  expect(HINTED_FAILURES.length).toBeGreaterThan(40);
  expect(HINTED_FAILURES.filter((start) => !entries.some((entry) => entry.startsWith(start)))).toEqual([]);
});

test('every failure of an engine has an entry', () => {
  const entries = entriesOf('Failures');
  const texts = [
    failures.timedOut('connect', 10_000),
    failures.timedOut('headers', 2_000),
    failures.timedOut('body', 60_000),
    failures.timedOut('whole', 60_000),
    failures.closedEarly(false),
    failures.closedEarly(true),
    failures.CLOSED_WHILE_IDLE,
    failures.CLOSED_WHILE_OPENING,
    failures.malformed('MALFORMED', '…'),
    failures.bodyTooLarge(64 * 1024 * 1024),
    failures.lengthMismatch('more', 5),
    failures.bodyFailed(new Error('…')),
    proxyRefusal(407),
    proxyRefusal(502),
  ].map(({ message }) => message);
  expect(texts.filter((text) => !entries.includes(text))).toEqual([]);
});

test('every gRPC status except OK has an entry', () => {
  const statuses = Object.keys(StatusCode).filter((name) => name !== 'OK');
  expect(entriesOf('Failures')).toEqual(expect.arrayContaining(statuses));
});
