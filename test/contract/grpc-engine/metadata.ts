import { StatusCode } from '@drumline/drivers/grpc';
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { serveGrpc, unary } from '../support/grpc-servers.js';
import { ask, grpcBench, METHOD, valuesOf, type MakeEngine } from './bench.js';

const BYTES = Buffer.from([0, 255, 254, 13, 10, 7]);

export function describeMetadata(makeEngine: MakeEngine): void {
  describe('metadata', () => {
    const bench = grpcBench(makeEngine);

    test.each([false, true])('is echoed unchanged, including binary values (frozen: %s)', async (frozen) => {
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: unary((call, reply) => {
            const initial = new Metadata();
            for (const name of ['x-text', 'x-more', 'x-bytes-bin']) {
              for (const value of call.metadata.get(name)) initial.add(name, value);
            }
            call.sendMetadata(initial);
            const trailing = new Metadata();
            trailing.set('x-end', 'so it ends');
            trailing.add('x-end-bin', BYTES);
            trailing.add('x-end-bin', Buffer.from('ab'));
            reply(null, Buffer.from('y'), trailing);
          }),
        }),
      );
      const session = await bench.session(server.origin);
      const binary = BYTES.toString('base64').replace(/=+$/, '');
      const metadata = ['x-text', 'a b, c', 'x-bytes-bin', binary, 'x-more', '1', 'x-more', '2'];
      if (frozen) Object.freeze(metadata);
      for (let round = 0; round < 3; round++) {
        const { call, end } = await ask(session, 'x', { metadata });
        expect(end.status).toBe(StatusCode.OK);
        const [initial] = call.headers;
        expect(call.headers).toHaveLength(1);
        expect(valuesOf(initial!, 'x-text')).toEqual(['a b, c']);
        expect(valuesOf(initial!, 'x-more').join(', ')).toBe('1, 2');
        expect(valuesOf(initial!, 'x-bytes-bin')).toEqual([binary]);
        expect(valuesOf(end.trailers, 'x-end')).toEqual(['so it ends']);
        expect(valuesOf(end.trailers, 'x-end-bin')).toEqual([binary, 'YWI']);
      }
    });

    test('headers of gRPC itself are not metadata', async () => {
      const server = await bench.closing(
        serveGrpc({ [METHOD]: unary((call, reply) => reply(null, call.request)) }),
      );
      const { call, end } = await ask(await bench.session(server.origin), 'x');
      const names = [...call.headers[0]!, ...end.trailers].filter((_, i) => i % 2 === 0);
      expect(names.filter((name) => /^(:|grpc-|content-type$)/.test(name))).toEqual([]);
    });

    test('calls with different metadata stay separate', async () => {
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: unary((call, reply) => reply(null, Buffer.from(String(call.metadata.get('user'))))),
        }),
      );
      const session = await bench.session(server.origin);
      const users = ['ann', 'bob'].map((name) => Object.freeze(['user', name]));
      for (let round = 0; round < 3; round++) {
        for (const metadata of users) {
          const { call } = await ask(session, 'x', { metadata });
          expect(String(call.messages[0])).toBe(metadata[1]);
        }
      }
    });

    test.each([
      ['a name with a space', ['x a', 'b']],
      ['a line break in a value', ['x-a', 'b\r\nx-evil: 1']],
    ])('%s is rejected before anything is sent', async (_, metadata) => {
      const server = await bench.closing(
        serveGrpc({ [METHOD]: unary((call, reply) => reply(null, call.request)) }),
      );
      const session = await bench.session(server.origin);
      const { end } = await ask(session, 'x', { metadata });
      expect(end).toMatchObject({ status: StatusCode.INTERNAL, sent: false, failure: { class: 'invalid' } });
      expect((await ask(session, 'x')).end.status).toBe(StatusCode.OK);
      expect(server.requests).toBe(1);
    });
  });
}
