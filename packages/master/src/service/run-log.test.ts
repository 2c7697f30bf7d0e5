import { expect, test } from '@jest/globals';
import { logEvent, RunLog } from './run-log.js';

test('a view has the newest lines, or those that follow a line', () => {
  const log = new RunLog();
  for (const text of ['one', 'two', 'three', 'four']) log.add('printed', text);
  const { lines } = log.view({});
  expect(lines.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
  expect(log.view({ limit: 2 }).lines).toEqual(lines.slice(2));
  expect(log.view({ after: lines[0]!.number, limit: 2 }).lines).toEqual(lines.slice(1, 3));
});

test('a threshold that breaks is one line, although it is printed, too', () => {
  const log = new RunLog();
  const printed: string[] = [];
  const print = log.tee((line) => printed.push(line));
  const observed = { unit: 'ms', observed: 300, limit: 200 } as const;
  const names = { type: 'threshold', of: 'GET /', expression: 'p95 < 200ms' } as const;
  logEvent(log, { ...names, ...observed, state: 'broken', at: new Date().toISOString() }, 3);
  const sentence = 'Threshold GET /: p95 < 200ms is broken: 300ms, 50% above.';
  print(sentence);
  print('another line');
  expect(printed).toEqual([sentence, 'another line']);
  expect(log.view({}).lines.map(({ kind, text }) => [kind, text])).toEqual([
    ['threshold', sentence],
    ['printed', 'another line'],
  ]);
});
