import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { RecordPipe } from './record-pipe.js';

/** A socket that sends bytes when the test says so. */
class SlowSocket extends Duplex {
  private done: (() => void) | undefined;

  override _read(): void {}

  override _writev(_chunks: unknown, done: () => void): void {
    this.done = done;
  }

  /** Sends the bytes that it has been told to send. */
  sendAll(): void {
    this.done?.();
  }
}

test('a writer that saw a full pipe is told of its room, even if it was freed in the same turn', async () => {
  const socket = new SlowSocket();
  let rooms = 0;
  const events = { record: () => {}, room: () => (rooms += 1), ended: () => {} };
  const pipe = new RecordPipe(socket as unknown as Socket, events);

  for (let record = 0; record < 10; record += 1) pipe.write(1, 'worker', Buffer.alloc(10_000));
  await setImmediate();
  for (let record = 0; record < 5; record += 1) pipe.write(1, 'worker', Buffer.alloc(10_000));
  expect(pipe.hasRoom).toBe(false);
  // The first records are sent before the end of the turn, when the others go to the socket.
  socket.sendAll();
  expect(pipe.hasRoom).toBe(true);
  await setImmediate();
  socket.sendAll();
  await setImmediate();

  expect(rooms).toBeGreaterThan(0);
});
