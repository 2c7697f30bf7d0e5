import { expect, test } from '@jest/globals';
import { TlsSessions } from './tls-sessions.js';

test('the number of cached targets is limited, and the most recent are kept', () => {
  const sessions = new TlsSessions();
  for (let i = 0; i < 30_000; i++) sessions.put(`t${i}`, Buffer.from('ticket'));
  expect(sessions.take('t0')).toBeUndefined();
  expect(sessions.take('t9999')).toBeUndefined();
  expect(sessions.take('t29999')).toBeDefined();
});
