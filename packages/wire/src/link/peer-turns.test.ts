import { beforeEach, expect, test } from '@jest/globals';
import { PeerTurns } from './peer-turns.js';

let nowMs = 0;
let turns: PeerTurns;
beforeEach(() => {
  nowMs = 1_000;
  turns = new PeerTurns(() => nowMs);
});

function read(...peers: string[]): void {
  for (const peer of peers) {
    nowMs += 10;
    turns.took(peer);
  }
}

test('a reader is behind by the time since it caught up', () => {
  nowMs = 1_500;
  expect(turns.behindMs).toBe(500);
  turns.caughtUp();
  expect(turns.behindMs).toBe(0);
});

test('a reader that never catches up has read all peers of the previous round', () => {
  read('a', 'b', 'c');
  expect(turns.behindMs).toBe(30);
  read('a', 'b', 'c');
  expect(turns.behindMs).toBe(60);
  read('a');
  expect(turns.behindMs).toBe(30);
});

test('a busy peer does not hide the silence of others for long', () => {
  read(...Array.from({ length: 1_000 }, () => 'flood'));
  expect(turns.behindMs).toBeLessThanOrEqual(20);
});
