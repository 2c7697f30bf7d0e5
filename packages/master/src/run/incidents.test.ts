import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Note } from '@drumline/model';
import type { LaneIncident } from '@drumline/wire';
import { Incidents } from './incidents.js';
import { Losses } from './losses.js';
import { NoteCollector } from './note-collector.js';
import type { Participant } from '../allocation/participant.js';

let notes: NoteCollector;
let incidents: Incidents;
let worker: Participant;
beforeEach(() => {
  notes = new NoteCollector(() => {});
  incidents = new Incidents({ notes, losses: new Losses(), started: undefined }, () => {});
  worker = {
    id: 'w1',
    tookPart: true,
    brokenLanes: new Set(),
    laneGroups: ['default'],
    health: undefined,
  } as unknown as Participant;
});

const take = (incident: Partial<LaneIncident>): boolean =>
  incidents.take(worker, { type: 'laneIncident', lane: 0, kind: 'starved', reason: '', ...incident });
const told = (): Pick<Note, 'code' | 'message'>[] => notes.all;

describe('a lane that is starved', () => {
  test('keeps its users and causes a note that it was busy', () => {
    expect(take({ stalledMs: 3_100 })).toBe(false);
    expect(worker.brokenLanes.size).toBe(0);
    expect(told()).toEqual([
      { code: 'lane-busy', message: expect.stringMatching(/^Lane w1\/0 did not respond for 3\.1s so far: /) },
    ]);
    expect(take({ kind: 'recovered', starved: true, stalledMs: 5_000 })).toBe(false);
    take({ kind: 'recovered', starved: true, stalledMs: 2_000 });
    expect(told()).toEqual([
      {
        code: 'lane-busy',
        message: expect.stringMatching(/^Lane w1\/0 did not respond for 5s, 2 times: .* Its users stayed/),
      },
    ]);
  });

  test('loses them once it counts as blocked', () => {
    take({ stalledMs: 3_100 });
    expect(take({ kind: 'stalled', stalledMs: 31_000 })).toBe(true);
    expect([...worker.brokenLanes]).toEqual([0]);
    expect(take({ kind: 'recovered', starved: false, stalledMs: 40_000 })).toBe(true);
    expect(told().map(({ code }) => code)).toEqual(['lane-busy', 'lane-stalled']);
  });
});
