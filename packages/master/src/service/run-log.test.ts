import { expect, test } from '@jest/globals';
import { RunLog } from './run-log.js';

test('a view has the newest lines, or those that follow a line', () => {
  const log = new RunLog();
  for (const text of ['one', 'two', 'three', 'four']) log.add('printed', text);
  const { lines } = log.view({});
  expect(lines.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
  expect(log.view({ limit: 2 }).lines).toEqual(lines.slice(2));
  expect(log.view({ after: lines[0]!.number, limit: 2 }).lines).toEqual(lines.slice(1, 3));
});
