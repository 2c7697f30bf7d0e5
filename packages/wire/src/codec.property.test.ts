import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { MASTER_MESSAGES, WORKER_MESSAGES } from '../../../test/contract/wire-messages.js';
import { BadFrame, decodeMasterMessage, decodeWorkerMessage, encodeMessage } from './codec.js';
import type { MasterMessage } from './messages/master.js';
import type { WorkerMessage } from './messages/worker.js';

const packr = new Packr({ useRecords: false });
const DECODERS = [decodeWorkerMessage, decodeMasterMessage];
const MESSAGES: (WorkerMessage | MasterMessage)[] = [
  ...Object.values(WORKER_MESSAGES),
  ...Object.values(MASTER_MESSAGES),
];

/** Decodes with both decoders. A decoded message must survive another round trip. */
function decodeOrRefuse(frame: Uint8Array): void {
  for (const decode of DECODERS) {
    let message;
    try {
      message = decode(frame);
    } catch (error) {
      if (error instanceof BadFrame) continue;
      throw error;
    }
    const again = decode(encodeMessage(message));
    expect(encodeMessage(again).toString('hex')).toBe(encodeMessage(message).toString('hex'));
  }
}

describe('decoding throws nothing but BadFrame', () => {
  test('of random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), decodeOrRefuse), { numRuns: 2_000 });
  });

  test('of random values', () => {
    fc.assert(
      fc.property(fc.anything({ withTypedArray: true, withDate: true, maxDepth: 4 }), (value) => {
        let frame;
        try {
          frame = packr.pack(value);
        } catch {
          return;
        }
        decodeOrRefuse(frame);
      }),
      { numRuns: 500 },
    );
  });

  test('of messages with some bytes changed, added or removed', () => {
    const edit = fc.record({ at: fc.nat(), take: fc.nat(4), put: fc.uint8Array({ maxLength: 4 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...MESSAGES),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (message, edits) => {
          const bytes = [...encodeMessage(message)];
          for (const { at, take, put } of edits) bytes.splice(at % bytes.length, take, ...put);
          decodeOrRefuse(Uint8Array.from(bytes));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('of messages with a field of another type', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MESSAGES), fc.nat(), fc.jsonValue(), (message, which, value) => {
        const keys = Object.keys(message);
        decodeOrRefuse(packr.pack({ ...message, [keys[which % keys.length]!]: value }));
      }),
      { numRuns: 1_000 },
    );
  });
});
