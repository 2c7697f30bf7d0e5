import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  decodeMasterMessage,
  decodeWorkerMessage,
  encodeMessage,
  PROTOCOL_VERSION,
  type StatsReport,
} from '@drumline/wire';
import { MASTER_MESSAGES, WORKER_MESSAGES } from './wire-messages.js';

/**
 * The bytes of each message, in hexadecimal, as peers of this protocol version send and expect
 * them. Changed bytes would cut off deployed workers: raise `PROTOCOL_VERSION` first, then write
 * the new bytes here. A new optional field cuts off no worker: keep the bytes without it under
 * `without`.
 */
const golden = JSON.parse(readFileSync(new URL('wire-golden.json', import.meta.url), 'utf8')) as {
  protocol: number;
  messages: Record<string, string>;
  /** Bytes of messages without optional fields. */
  without: Record<string, string>;
};

const MESSAGES = Object.entries({ ...WORKER_MESSAGES, ...MASTER_MESSAGES });

describe('the golden bytes', () => {
  test('belong to this protocol version', () => {
    expect(golden.protocol).toBe(PROTOCOL_VERSION);
    expect(Object.keys(golden.messages)).toEqual(MESSAGES.map(([type]) => type));
  });

  test.each(MESSAGES)('are sent: %s', (type, message) => {
    expect(encodeMessage(message).toString('hex')).toBe(golden.messages[type]);
  });

  test.each(MESSAGES)('are decoded: %s', (type, message) => {
    const frame = Buffer.from(golden.messages[type]!, 'hex');
    const decoded = type in WORKER_MESSAGES ? decodeWorkerMessage(frame) : decodeMasterMessage(frame);
    expect(encodeMessage(decoded)).toEqual(encodeMessage(message));
  });

  test('without optional fields are decoded: a statsReport', () => {
    const frame = Buffer.from(golden.without['statsReport']!, 'hex');
    const report = decodeWorkerMessage(frame) as StatsReport;
    expect(report).toMatchObject({ seq: 7, dictionary: 1 });
    expect(report).not.toHaveProperty('rest');
  });

  test('without optional fields are decoded: a heartbeat', () => {
    const frame = Buffer.from(golden.without['heartbeat']!, 'hex');
    const heartbeat = decodeWorkerMessage(frame);
    expect(heartbeat).toMatchObject({ type: 'heartbeat', loopDelayMs: 1.5 });
    expect(heartbeat).not.toHaveProperty('roundTripMs');
  });
});
