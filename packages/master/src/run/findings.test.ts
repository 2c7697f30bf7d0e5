import { expect, test } from '@jest/globals';
import type { Note } from '@drumline/model';
import { Findings } from './findings.js';
import { NoteCollector } from './note-collector.js';

test('odd responses cause one note per kind and request, however many workers saw them', () => {
  const notes: Note[] = [];
  const findings = new Findings(new NoteCollector((note) => notes.push(note)));
  const odd = (subject: string) => ({ kind: 'odd-responses' as const, subject, count: 5 });
  findings.take('w1', [odd('line breaks that are not CRLF (GET /a)')]);
  findings.take('w2', [odd('line breaks that are not CRLF (GET /a)')]);
  findings.take('w1', [odd('line breaks that are not CRLF (GET /b)')]);
  const sentence = (request: string): string =>
    `Responses from the target had line breaks that are not CRLF (${request}). ` +
    'They were parsed leniently, as curl, Go and browsers do. With http.strict: true they fail.';
  expect([...new Set(notes.map(({ code, message }) => `${code}: ${message}`))]).toEqual([
    `odd-responses: ${sentence('GET /a')}`,
    `odd-responses: ${sentence('GET /b')}`,
  ]);
});
