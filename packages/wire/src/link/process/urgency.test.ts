import { expect, test } from '@jest/globals';
import { encodeMessage } from '../../codec.js';
import type { WorkerMessage } from '../../messages/worker.js';
import { isUrgent } from './urgency.js';

test.each([
  ['heartbeat', true],
  ['hello', true],
  ['statsReport', false],
  ['goodbye', false],
  ['heartbeats', false],
])('%s: %p', (type, urgent) => {
  expect(isUrgent(encodeMessage({ type, lanes: 1 } as unknown as WorkerMessage))).toBe(urgent);
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key${index}`, index]));
  expect(isUrgent(encodeMessage({ type, ...many } as unknown as WorkerMessage))).toBe(urgent);
});

test('other bytes are not urgent', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.of(0xde), Buffer.of(0x81, 0xa4), Buffer.from('heartbeat')])
    expect(isUrgent(bytes)).toBe(false);
});
