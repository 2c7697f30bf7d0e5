import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recordBytes, RecordReader, writeRecordHead } from './records.js';

const record = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  peer: fc.uint8Array({ maxLength: 255 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  body: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
});

test('records are read as written, wherever the stream is split', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 300 })),
      (records, cuts) => {
        const stream = Buffer.concat(
          records.map(({ type, peer, body }) => {
            const bytes = Buffer.alloc(recordBytes(peer, body));
            bytes.set(body, writeRecordHead(bytes, 0, type, peer, body));
            return bytes;
          }),
        );
        const reader = new RecordReader();
        const read: { type: number; peer: string; body: Buffer }[] = [];
        for (let at = 0, n = 0; at < stream.length; n += 1) {
          const end = at + (cuts[n] ?? stream.length);
          reader.push(stream.subarray(at, end));
          for (let next = reader.next(); next; next = reader.next()) read.push({ ...next });
          at = end;
        }
        expect(read).toEqual(records);
      },
    ),
  );
});
