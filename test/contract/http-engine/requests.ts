import { describe, expect, test } from '@jest/globals';
import { answerRaw, bodyOf, serveHttp, type TestServer } from '../support/servers.js';
import { engineBench, get, response, text, type MakeEngine } from './bench.js';

export function describeRequests(makeEngine: MakeEngine): void {
  describe('requests and responses', () => {
    const bench = engineBench(makeEngine);

    test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PURGE'])(
      '%s arrives as sent, with and without a body',
      async (method) => {
        const seen: string[] = [];
        const server = await bench.closing(
          serveHttp((request, reply) => {
            void bodyOf(request).then((body) => {
              seen.push(
                `${request.method} ${request.url} ${String(request.headers['x-a'])} [${body.toString()}]`,
              );
              reply.end('done');
            });
          }),
        );
        const session = await bench.session();
        const send = (body?: Uint8Array) =>
          session.exchange({
            method,
            origin: server.origin,
            path: '/p?q=1',
            headers: ['x-a', 'b'],
            ...(body !== undefined && { body }),
          }).done;
        const plain = await send();
        await send(Buffer.from('päyload'));
        expect(seen).toEqual([`${method} /p?q=1 b []`, `${method} /p?q=1 b [päyload]`]);
        expect(text(plain)).toBe(method === 'HEAD' ? '' : 'done');
        expect(server.connections).toBe(1);
      },
    );

    test('a binary body of a megabyte is sent and received unchanged', async () => {
      const server = await bench.closing(
        serveHttp((request, reply) => void bodyOf(request).then((body) => reply.end(body))),
      );
      const body = Buffer.alloc(1_000_000, 0).map((_, i) => (i * 31) % 256);
      const session = await bench.session();
      const result = await session.exchange(get(server.origin, { method: 'POST', body })).done;
      expect(Buffer.compare(response(result).body, body)).toBe(0);
    });

    test('repeated bodies are not mixed up with others of the same length', async () => {
      const plain = Buffer.alloc(300, 'x');
      const [oneByteOff, notAscii, zeros] = [Buffer.from(plain), Buffer.from(plain), Buffer.alloc(300)];
      oneByteOff[299] = 0x79;
      notAscii.set([0xc3, 0xa4], 10);
      const bodies = [plain, plain, oneByteOff, plain, notAscii, notAscii, zeros, plain];
      const told = Array.from({ length: 100 }, (_, i) => bodies[(i * i + (i >> 3)) % bodies.length]!);
      let next = 0;
      const server = await bench.closing(serveHttp((_, reply) => reply.end(told[next++])));
      const session = await bench.session();
      const read: { bytes: Buffer; text: string }[] = [];
      for (const _ of told) {
        const result = response(await session.exchange(get(server.origin)).done);
        read.push({ bytes: Buffer.from(result.body), text: result.text() });
      }
      expect(read).toEqual(told.map((body) => ({ bytes: body, text: body.toString() })));
    });

    test('a repeated request sends the same bytes each time, with others between', async () => {
      const heads: string[] = [];
      const server = await bench.closing(
        answerRaw((socket, head) => {
          heads.push(head);
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
        }),
      );
      const [session, other] = [await bench.session(), await bench.session()];
      const headers = Object.freeze(['x-name', 'caf\u{E9}']);
      const paths = ['/a', '/a', '/a', '/b', '/a', '/b', '/b'];
      for (const path of paths) {
        for (const user of [session, other]) {
          const { status, bytesSent } = response(
            await user.exchange(get(server.origin, { path, headers })).done,
          );
          expect([status, bytesSent]).toEqual([200, heads.at(-1)!.length + '\r\n\r\n'.length]);
        }
      }
      expect(heads.map((head) => head.split(' ')[1])).toEqual(paths.flatMap((path) => [path, path]));
      expect(new Set(heads).size).toBe(2);
      for (const head of heads) expect(head).toMatch(/^x-name: caf\u{E9}$/imu);
    });

    test('headers arrive in order, repeated ones included, and a Host header replaces that of the origin', async () => {
      const raw: string[][] = [];
      const server = await bench.closing(
        serveHttp((request, reply) => {
          raw.push(request.rawHeaders);
          reply.end();
        }),
      );
      const session = await bench.session();
      await session.exchange(get(server.origin, { headers: ['X-One', '1', 'x-two', 'a', 'x-two', 'b'] }))
        .done;
      await session.exchange(get(server.origin, { headers: ['host', 'shop.example'] })).done;
      expect(raw[0]).toEqual(expect.arrayContaining(['X-One', '1', 'x-two', 'a', 'x-two', 'b']));
      expect(raw[0]!.map((item) => item.toLowerCase())).toContain(`127.0.0.1:${server.port}`);
      expect(raw[1]).toContain('shop.example');
      expect(raw[1]).not.toContain(`127.0.0.1:${server.port}`);
    });

    test('status, reason, headers, body and trailers are received as sent', async () => {
      const server = await say(
        'HTTP/1.1 207 Many Things\r\nX-A: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\ntransfer-encoding: chunked\r\n\r\n' +
          '5;note=x\r\nhello\r\n1\r\n!\r\n0\r\nx-checksum: 42\r\n\r\n',
      );
      const session = await bench.session();
      const result = response(await session.exchange(get(server.origin)).done);
      expect(result.status).toBe(207);
      expect(result.statusText).toBe('Many Things');
      expect(result.header('x-a')).toBe('1');
      expect(result.header('set-cookie')).toBe('a=1, b=2');
      expect(result.header('constructor')).toBeUndefined();
      expect(result.rawHeaders.slice(0, 6)).toEqual(['X-A', '1', 'Set-Cookie', 'a=1', 'set-cookie', 'b=2']);
      expect(text(result)).toBe('hello!');
      expect(result.rawTrailers).toEqual(['x-checksum', '42']);
    });

    test.each([204, 304])('%i has no body, and the connection stays open', async (status) => {
      const server = await say(`HTTP/1.1 ${status} X\r\n\r\n`);
      const session = await bench.session();
      for (let i = 0; i < 2; i++) {
        const result = response(await session.exchange(get(server.origin)).done);
        expect([result.status, result.body.length]).toEqual([status, 0]);
      }
      expect(server.connections).toBe(1);
    });

    test('1xx responses are skipped', async () => {
      const server = await say(
        'HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
      );
      const result = await (await bench.session()).exchange(get(server.origin)).done;
      expect([response(result).status, text(result)]).toEqual([200, 'ok']);
      expect(response(result).header('link')).toBeUndefined();
    });

    test('a body without a length ends with the connection', async () => {
      const server = await bench.closing(
        answerRaw((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nuntil the end')),
      );
      const result = await (await bench.session()).exchange(get(server.origin)).done;
      expect(text(result)).toBe('until the end');
    });

    test('a response that arrives byte by byte is complete', async () => {
      const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-a: b\r\n\r\nhello';
      const server = await bench.closing(
        answerRaw((socket) => {
          socket.setNoDelay(true);
          const letters = answer.split('');
          const timer = setInterval(() => {
            const letter = letters.shift();
            if (letter === undefined) clearInterval(timer);
            else socket.write(letter);
          }, 1);
        }),
      );
      const result = response(await (await bench.session()).exchange(get(server.origin)).done);
      expect([result.header('x-a'), text(result), result.bytesReceived]).toEqual([
        'b',
        'hello',
        answer.length,
      ]);
    });

    test('a compressed body stays compressed', async () => {
      const server = await say('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc');
      const result = await (await bench.session()).exchange(get(server.origin)).done;
      expect(text(result)).toBe('abc');
    });

    function say(answer: string): Promise<TestServer> {
      return bench.closing(answerRaw((socket) => socket.write(answer)));
    }
  });
}
