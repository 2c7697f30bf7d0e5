import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../random.js';
import { CONVERSATIONS } from './conversations.js';

/** Concurrent connections. */
const CROWD = 16;
const GREETING_BYTES = 64;
const MOST_LASTING_MS = 2_000;

/** Peers that violate ZMTP. Counts how often each kind of conversation began. */
export async function talkBadly(
  address: string,
  random: Random,
  untilMs: number,
): Promise<Record<string, number>> {
  const begun: Record<string, number> = {};
  const kinds = Object.keys(CONVERSATIONS);
  const one = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const kind = random.pick(kinds);
      begun[kind] = (begun[kind] ?? 0) + 1;
      await talk(Number(new URL(address).port), CONVERSATIONS[kind]!(random), random);
    }
  };
  await Promise.all(Array.from({ length: CROWD }, one));
  return begun;
}

/**
 * Sends all or part of the data in pieces, then closes or resets the connection, at once or a
 * little later.
 */
async function talk(port: number, bytes: Buffer, random: Random): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.setTimeout(MOST_LASTING_MS, () => socket.destroy());
  // Some peers read the answers, some do not.
  if (random.below(2) === 0) socket.resume();
  const said = random.below(3) === 0 ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes;
  socket.write(said.subarray(0, GREETING_BYTES));
  // Wait for the greeting, or the rest would be read as one piece.
  await pause(random.below(10));
  const isSlow = random.below(20) === 0;
  for (let at = GREETING_BYTES; at < said.length && !socket.destroyed;) {
    const length = isSlow ? 1 + random.below(20) : said.length;
    socket.write(said.subarray(at, at + length));
    at += length;
    if (isSlow) await pause(1);
    if (at > 2_000 && isSlow) break;
  }
  await pause(random.below(4));
  const ending = random.below(10);
  if (ending < 7) socket.resetAndDestroy();
  else if (ending < 9) socket.destroy();
  else socket.end();
  await closed;
}
