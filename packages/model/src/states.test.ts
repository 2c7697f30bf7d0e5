import { describe, expect, test } from '@jest/globals';
import {
  LANE_STATES,
  MEMBER_STATES,
  PARTICIPANT_STATES,
  RUN_STATES,
  StateMachine,
  type StateTable,
} from './states.js';

type AnyTable = StateTable<string, string>;

/** Every state that is reachable from the first one. */
function reachable(table: AnyTable, first: string): string[] {
  const seen = new Set([first]);
  for (const state of seen) for (const to of Object.values(table[state]!)) seen.add(to!);
  return [...seen].toSorted();
}

const TABLES: [string, AnyTable, string, string[]][] = [
  ['run', RUN_STATES, 'created', ['finished', 'aborted', 'failed']],
  ['member', MEMBER_STATES, 'present', ['left']],
  ['participant', PARTICIPANT_STATES, 'idle', []],
  ['lane', LANE_STATES, 'booting', []],
];

describe.each(TABLES)('the states of a %s', (_, table, first, terminal) => {
  test('are all reachable from the first, and every event leads to a state of the table', () => {
    expect(reachable(table, first)).toEqual(Object.keys(table).toSorted());
  });

  test('have no events if they are final, and at least one if not', () => {
    const stuck = Object.keys(table).filter((state) => Object.keys(table[state]!).length === 0);
    expect(stuck).toEqual(terminal);
  });

  test('can all reach a final state', () => {
    for (const state of Object.keys(table)) {
      const ends = terminal.length > 0 ? terminal : ['done', 'crashed', 'idle'];
      expect(reachable(table, state).some((one) => ends.includes(one))).toBe(true);
    }
  });
});

test('a run that has started can be stopped, aborted and failed until it is over', () => {
  for (const state of ['running', 'draining'] as const) {
    expect(Object.keys(RUN_STATES[state])).toEqual(expect.arrayContaining(['abort', 'fail']));
  }
});

test('a worker begins again after it was lost, whatever it did in the run', () => {
  for (const events of Object.values(PARTICIPANT_STATES)) expect(events).toMatchObject({ lost: 'idle' });
});

describe('a state machine', () => {
  test('follows its table and reports each change', () => {
    const changes: string[] = [];
    const machine = new StateMachine(RUN_STATES, 'created', (to, from, event) =>
      changes.push(`${from} ${event} ${to}`),
    );
    expect(machine.send('open')).toBe(true);
    expect(machine.state).toBe('gathering');
    expect(changes).toEqual(['created open gathering']);
  });

  test('refuses an event that its state lacks, and does not change', () => {
    const changes: string[] = [];
    const machine = new StateMachine(RUN_STATES, 'finished', (to) => changes.push(to));
    expect(machine.send('start')).toBe(false);
    expect(machine.state).toBe('finished');
    expect(changes).toEqual([]);
  });
});
