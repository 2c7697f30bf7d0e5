import { expect, test } from '@jest/globals';
import { TlsSessions } from './tls-sessions.js';

test('sessions of targets without end are not kept: those that came last are', () => {
  const sessions = new TlsSessions();
  for (let i = 0; i < 30_000; i++) sessions.put(`t${i}`, Buffer.from('ticket'));
  expect(sessions.take('t0')).toBeUndefined();
  expect(sessions.take('t9999')).toBeUndefined();
  expect(sessions.take('t29999')).toBeDefined();
});
