import { expect, test } from '@jest/globals';
import { jsonLineOf } from './log-format.js';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const time = NOW.toISOString();

test.each([
  ['Workers join at tcp://0.0.0.0:5557\n', { level: 'info', message: 'Workers join at tcp://0.0.0.0:5557' }],
  ['\u001b[31merror:\u001b[39m no\n', { level: 'error', message: 'no' }],
  ['warning: slow\n', { level: 'warn', message: 'slow' }],
  ['[3f2a9c01] warning: slow\n', { level: 'warn', message: 'slow', run: '3f2a9c01' }],
  ['a "table"\n  of lines\n\n', { level: 'info', message: 'a "table"\n  of lines' }],
])('%j is one object', (printed, line) => {
  const written = jsonLineOf(printed, NOW);
  expect(written.indexOf('\n')).toBe(written.length - 1);
  expect(JSON.parse(written)).toEqual({ time, ...line });
});

test('an empty line is left out', () => {
  expect(jsonLineOf('\n', NOW)).toBe('');
});
