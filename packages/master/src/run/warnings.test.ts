import { expect, test } from '@jest/globals';
import { plainLoad, type Plan } from '@drumline/model';
import type { Participant } from '../allocation/participant.js';
import { RateLimitedLog } from '../cluster/rate-limited-log.js';
import { NoteCollector } from './note-collector.js';
import { Warnings } from './warnings.js';

const PLAN = { ...plainLoad({ users: 100 }), target: 'http://127.0.0.1' } as unknown as Plan;

function worker(id: string, limits: Participant['limits']): Participant {
  return { id, limits, laneGroups: ['default'] } as unknown as Participant;
}

test('each limit of each worker is a note, and a later one replaces it', () => {
  const notes = new NoteCollector(() => {});
  const present = [worker('a', { openFiles: 64, localPorts: 10 }), worker('b', { localPorts: 20 })];
  const warnings = new Warnings(notes, new RateLimitedLog(() => {}), { present });
  const shown = (): string[] => notes.all.map(({ message }) => /^[^,]*/.exec(message)![0]);
  warnings.addLimits(PLAN, PLAN.load);
  expect(shown()).toEqual([
    'Worker a: a lane needs 50 connections',
    'Worker a: the users need 50 connections',
    'Worker b: the users need 50 connections',
  ]);
  warnings.addLimits(PLAN, plainLoad({ users: 200 }).load);
  expect(shown()).toEqual([
    'Worker a: a lane needs 100 connections',
    'Worker a: the users need 100 connections',
    'Worker b: the users need 100 connections',
  ]);
});

test('limits that certainly break a run refuse it before its start, unless it is forced', () => {
  const notes = new NoteCollector(() => {});
  const present = [worker('a', { openFiles: 64 })];
  const warnings = new Warnings(notes, new RateLimitedLog(() => {}), { present });
  expect(() => warnings.requireLimits(PLAN, PLAN.load)).toThrow(/Worker a: a lane needs 100 connections/);
  expect(() => warnings.requireLimits(PLAN, PLAN.load, true)).not.toThrow();
});
