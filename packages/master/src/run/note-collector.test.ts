import { describe, expect, test } from '@jest/globals';
import type { Note } from '@drumline/model';
import { NoteCollector } from './note-collector.js';

function collector(): { notes: NoteCollector; told: Note[] } {
  const told: Note[] = [];
  return { notes: new NoteCollector((note) => told.push(note)), told };
}

describe('the notes of a run', () => {
  test('contain repetitions once', () => {
    const { notes, told } = collector();
    for (let i = 0; i < 1_000; i += 1) notes.add('reports-missing', 'The same again.');
    expect([notes.all, told]).toEqual([told, [{ code: 'reports-missing', message: 'The same again.' }]]);
  });

  test('leave room for other codes, and count omitted notes by code', () => {
    const { notes } = collector();
    for (let i = 0; i < 5_000; i += 1) notes.add('lane-crashed', `Lane ${i} crashed.`);
    notes.add('worker-lost', 'Worker w1 was lost.');
    const codes = notes.all.map(({ code }) => code);
    expect(codes.filter((code) => code === 'lane-crashed')).toHaveLength(50);
    expect(codes).toContain('worker-lost');
    expect(notes.all.at(-1)).toEqual({
      code: 'notes-limit',
      message: "4950 more 'lane-crashed' notes are omitted.",
    });
  });

  test('are bounded in size, even when notes are replaced', () => {
    const { notes, told } = collector();
    const codes = ['lane-crashed', 'worker-lost', 'lane-stalled', 'internal', 'hook-failed'] as const;
    for (let round = 0; round < 3; round += 1) {
      for (const code of codes)
        for (let i = 0; i < 100; i += 1)
          notes.add(code, `${i} ${'stack '.repeat(round * 2_000)}`, `${code} ${i}`);
    }
    expect(JSON.stringify(notes.all).length).toBeLessThan(320 * 1024);
    expect(told.length).toBeLessThanOrEqual(300);
  });

  test('are restored by another master', () => {
    const { notes } = collector();
    for (let i = 0; i < 60; i += 1) notes.add('lane-crashed', `Lane ${i} crashed.`);
    const { notes: next, told } = collector();
    next.restore(notes.entries);
    next.add('lane-crashed', 'Lane 0 crashed.');
    next.add('lane-crashed', 'Lane 99 crashed.');
    expect([next.entries, told]).toEqual([notes.entries, []]);
  });
});
