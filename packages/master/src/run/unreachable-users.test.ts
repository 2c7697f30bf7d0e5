import { expect, test } from '@jest/globals';
import type { Participant } from '../allocation/participant.js';
import { UnreachableUsers } from './unreachable-users.js';

const [one, other] = [{ id: 'w1' }, { id: 'w2' }] as unknown as [Participant, Participant];

test('users of unreachable workers count until they must have stopped', () => {
  const strays = new UnreachableUsers();
  strays.lost(one, { users: 50, untilMs: 40_000 });
  strays.lost(other, { users: 30, untilMs: 20_000 });
  expect([10_000, 19_999, 20_000, 40_000].map((ms) => strays.usersAt(ms))).toEqual([80, 80, 50, 0]);
});

test('users of a worker that came back do not count', () => {
  const strays = new UnreachableUsers();
  strays.lost(one, { users: 50, untilMs: 40_000 });
  strays.returned(one);
  expect(strays.usersAt(10_000)).toBe(0);
});
