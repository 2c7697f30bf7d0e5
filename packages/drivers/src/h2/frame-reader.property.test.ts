import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rawFrame } from '../../../../test/contract/support/h2-peers.js';
import { FrameReader } from './frame-reader.js';

const frames = fc.array(
  fc.record({
    type: fc.integer({ min: 0, max: 255 }),
    flags: fc.integer({ min: 0, max: 255 }),
    streamId: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    payload: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 12 },
);
const cuts = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 30 });

test('frames survive any split, and lent bytes are not read later', () => {
  fc.assert(
    fc.property(frames, cuts, (sent, sizes) => {
      const read: typeof sent = [];
      const reader = new FrameReader({
        onFrame(type, flags, streamId, bytes, start, end) {
          read.push({ type, flags, streamId, payload: Buffer.from(bytes.subarray(start, end)) });
          return true;
        },
      });
      const stream = Buffer.concat(
        sent.map(({ type, flags, streamId, payload }) => rawFrame(type, flags, streamId, payload)),
      );
      const lent = Buffer.alloc(4000);
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const length = stream.copy(lent, 0, at, at + sizes[turn % sizes.length]!);
        reader.read(lent, length);
        lent.fill(0xff);
        at += length;
      }
      expect(read).toEqual(sent);
    }),
  );
});

test('nothing is read after the sink stops', () => {
  let frames = 0;
  const reader = new FrameReader({ onFrame: () => ++frames < 2 });
  const bytes = Buffer.concat([1, 2, 3].map(() => rawFrame(6, 0, 0, '00'.repeat(8))));
  reader.read(bytes, bytes.length);
  expect(frames).toBe(2);
});
