import type { RunResult } from '@drumline/wire';

/** What a busy machine does to any run. */
const PRESSURE: readonly string[] = ['lane-busy', 'lane-stalled'];

/** Codes of a result's notes, in order, without those that any run may have on a busy machine. */
export function codesOf({ notes }: Pick<RunResult, 'notes'>): string[] {
  return notes.map(({ code }) => code).filter((code) => !PRESSURE.includes(code));
}
