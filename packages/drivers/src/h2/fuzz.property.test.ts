import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { H2Bench } from '../../../../test/contract/support/h2-client.js';
import { rawFrame, serveFrames } from '../../../../test/contract/support/h2-peers.js';

const bench = new H2Bench();

/**
 * Header blocks, most of them valid: `:status: 200`, with headers, with a table, interim, trailers,
 * random bytes.
 */
const block = fc.oneof(
  fc.constantFrom('88', '880001610162', '884001610162be', '0803313033', '0001610162', '20883f01', 'be'),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex')),
);
const streamId = fc.constantFrom(0, 1, 1, 1, 3, 3, 3, 5, 2, 7);
const flags = fc.constantFrom(0, 1, 4, 5, 8, 9, 0xc, 0xd, 0x20, 0x2d, 0xff);
const bytes = fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some));
const word = fc.constantFrom('00000000', '00000001', '7fffffff', '80000001', 'ffffffff', '0000ffff');

const frame = fc.oneof(
  fc.tuple(flags, streamId, block).map(([f, id, hex]) => rawFrame(1, f, id, hex)),
  fc.tuple(flags, streamId, block).map(([f, id, hex]) => rawFrame(9, f, id, hex)),
  fc.tuple(flags, streamId, bytes).map(([f, id, payload]) => rawFrame(0, f, id, payload)),
  fc.tuple(streamId, word).map(([id, hex]) => rawFrame(3, 0, id, hex)),
  fc.tuple(streamId, word).map(([id, hex]) => rawFrame(8, 0, id, hex)),
  fc.tuple(fc.integer({ min: 0, max: 8 }), word).map(([id, hex]) => rawFrame(4, 0, 0, `000${id}${hex}`)),
  fc.tuple(flags, word).map(([f, hex]) => rawFrame(6, f, 0, hex + hex)),
  fc.tuple(word, word).map(([last, code]) => rawFrame(7, 0, 0, last + code)),
  fc
    .tuple(fc.integer({ min: 0, max: 20 }), flags, streamId, bytes)
    .map(([type, f, id, payload]) => rawFrame(type, f, id, payload)),
);

const damage = fc.array(fc.tuple(fc.nat(2000), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });

/** Input from a server: mostly frames, with some bytes changed, split into pieces. */
const speech = fc
  .tuple(fc.array(frame, { minLength: 1, maxLength: 25 }), fc.oneof(fc.constant([]), damage))
  .map(([frames, changes]) => {
    const said = Buffer.concat(frames);
    for (const [at, byte] of changes) if (at < said.length) said[at] = byte;
    return said;
  });

test('whatever a server sends, every request ends once and nothing is thrown', async () => {
  await fc.assert(
    fc.asyncProperty(
      speech,
      fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 5 }),
      async (said, cuts) => {
        const server = await serveFrames((received, peer) => {
          if (received.type !== 1 || received.streamId !== 5) return;
          let at = 0;
          for (const cut of cuts) peer.socket.write(said.subarray(at, (at += cut)));
          peer.socket.end(said.subarray(at));
        });
        try {
          const client = await bench.connect(server.port, { maxStreams: 10 });
          const calls = [
            client.request(),
            client.request({ method: 'POST', body: Buffer.alloc(100_000) }),
            client.request({ method: 'HEAD' }),
          ];
          await client.closed;
          for (const call of calls) expect(call.ending).toBeDefined();
          expect(client.connection.openStreams).toBe(0);
          expect(client.told.at(-1)).toBe('closed');
        } finally {
          await server.close();
        }
      },
    ),
    { numRuns: 200 },
  );
});
