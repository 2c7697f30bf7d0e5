import { describe, expect, test } from '@jest/globals';
import { until, wait } from '../../../../test/contract/support/closing.js';
import { H2Bench } from '../../../../test/contract/support/h2-client.js';
import { Carrying } from '../../../../test/contract/support/h2-exchanges.js';
import { rawFrame, serveFrames } from '../../../../test/contract/support/h2-peers.js';
import { ErrorCode } from '../h2/errors.js';

const bench = new H2Bench();

describe('how exchanges on HTTP/2 end', () => {
  test('a cancelled exchange is reset at the server, and the others continue', async () => {
    const codes: number[] = [];
    const user = await Carrying.to(bench, (stream, headers) => {
      stream.on('close', () => codes.push(stream.rstCode));
      if (headers[':path'] === '/') stream.respond({ ':status': 200 }, { endStream: true });
    });
    const sent = user.exchange({ path: '/never' });
    await user.response();
    sent.exchange.cancel('enough');
    expect(await sent.done).toMatchObject({ sent: true, failure: { class: 'aborted', message: 'enough' } });
    await until(() => codes.includes(ErrorCode.CANCEL));
    expect((await user.response()).status).toBe(200);
    expect(user.connection.busy).toBe(0);
  });

  test('an exchange cancelled in the turn in which it was sent still counts as sent', async () => {
    const user = await Carrying.to(bench, () => {});
    const sent = user.exchange();
    sent.exchange.cancel('enough');
    const result = await sent.done;
    expect(result).toMatchObject({ kind: 'failed', sent: true });
    expect(result.timing.sentAtMs).toBe(result.timing.endedAtMs);
  });

  test('a timeout ends only one exchange', async () => {
    const user = await Carrying.to(bench, (stream, headers) => {
      if (headers[':path'] === '/') stream.respond({ ':status': 200 }, { endStream: true });
    });
    const late = user.failure({ path: '/late' }, { headersMs: 50 });
    expect((await user.response()).status).toBe(200);
    expect((await late).failure.code).toBe('TIMEOUT_HEADERS');
  });

  test('a server that disappeared silently gets no more requests, a slow one does', async () => {
    let answersPings = true;
    const server = await bench.closing(
      serveFrames((frame, peer) => {
        if (frame.type === 6 && answersPings) peer.send(rawFrame(6, 1, 0, frame.payload));
      }),
    );
    const user = await Carrying.open(bench, server.port);
    const late = (): Promise<unknown> => user.failure({}, { wholeMs: 30 });
    const pings = (): number => server.peers[0]!.of(6).length;
    await until(() => user.connection.bytesReceived > 0);
    for (let answered = 1; answered <= 3; answered++) {
      const before = user.connection.bytesReceived;
      await late();
      await until(() => pings() === answered && user.connection.bytesReceived > before);
    }
    answersPings = false;
    await Promise.all([late(), late()]);
    expect(user.told).not.toContain('retired');
    await late();
    expect([user.told.at(-1), user.connection.room, pings()]).toEqual(['retired', 0, 4]);
  });

  test.each([
    ['a reset with an error', ErrorCode.INTERNAL_ERROR, 'stream reset by the server (INTERNAL_ERROR)'],
    ['a reset without an error', ErrorCode.NO_ERROR, 'stream reset by the server (NO_ERROR)'],
    ['a reset with an unknown error', 0xffff, 'stream reset by the server (UNKNOWN)'],
  ])('%s', async (_, code, message) => {
    const user = await Carrying.toFrames(bench, (peer, id) => {
      peer.send(rawFrame(3, 0, id, code.toString(16).padStart(8, '0')));
    });
    const { failure } = await user.failure();
    expect(failure).toMatchObject({ class: 'reset', message });
  });

  test('a connection closed with an error', async () => {
    const user = await Carrying.toFrames(bench, (peer) => {
      peer.send(rawFrame(7, 0, 0, '00000001 0000000b'));
      peer.socket.end();
    });
    expect((await user.failure()).failure).toEqual({
      class: 'reset',
      code: 'GOAWAY_ENHANCE_YOUR_CALM',
      message: 'connection closed by the server (ENHANCE_YOUR_CALM)',
    });
    await until(() => user.told.includes('closed'));
    expect(user.told).toEqual(['retired', 'closed']);
  });

  test.each([
    ['before the response', false, 'CLOSED_EARLY'],
    ['inside the response', true, 'CLOSED_MID_RESPONSE'],
  ])('a connection closed %s', async (_, begun, code) => {
    const user = await Carrying.toFrames(bench, (peer, id) => {
      if (begun) peer.send(rawFrame(1, 0x4, id, '88'));
      peer.socket.end();
    });
    expect((await user.failure()).failure).toMatchObject({ class: 'reset', code });
  });

  test('a response that is not HTTP fails alone, a broken frame fails all', async () => {
    const user = await Carrying.toFrames(bench, (peer, id) => {
      if (id === 1) peer.send(rawFrame(1, 0x5, id, '0001 4101 62'));
      if (id === 5) peer.send(rawFrame(8, 0, 0, '00'));
    });
    const alone = await user.failure();
    expect(alone.failure).toEqual({
      class: 'protocol',
      code: 'H2_PROTOCOL_ERROR',
      message: 'malformed response: a header name in upper case',
    });
    const all = await Promise.all([user.failure(), user.failure()]);
    for (const { failure } of all) {
      expect(failure).toEqual({
        class: 'protocol',
        code: 'H2_FRAME_SIZE_ERROR',
        message: 'malformed response: a frame of a wrong length',
      });
    }
    expect(user.connection.room).toBe(0);
  });

  test('unprocessed exchanges are retried as if never sent, up to a limit', async () => {
    const user = await Carrying.toFrames(bench, (peer, id) => peer.send(rawFrame(3, 0, id, '00000007')));
    const sent = user.exchange({ path: '/x' }, { headersMs: 40 });
    await until(() => user.returned.length === 1);
    expect(sent.exchange).toMatchObject({ sentAtMs: undefined, sendEndedAtMs: undefined, bytesSent: 0 });
    await wait(100);
    expect(sent.exchange.over).toBe(false);
    for (let again = 2; again <= 5; again++) {
      user.connection.carry(sent.exchange);
      await until(() => user.returned.length === again);
    }
    user.connection.carry(sent.exchange);
    expect(await sent.done).toMatchObject({ failure: { code: 'H2_REFUSED_STREAM' } });
  });

  test('after GOAWAY, exchanges that the server did not process are returned', async () => {
    const user = await Carrying.toFrames(bench, (peer, id) => {
      if (id !== 3) return;
      peer.send(rawFrame(7, 0, 0, '00000001 00000000'), rawFrame(1, 0x5, 1, '88'));
    });
    const [first, second] = [user.exchange(), user.exchange({ method: 'POST', body: Buffer.from('x') })];
    expect(await first.done).toMatchObject({ kind: 'response', status: 200 });
    expect(user.returned).toEqual([second.exchange]);
    await until(() => user.told.includes('closed'));
    expect(user.told).toEqual(['retired', 'returned', 'closed']);
  });
});
