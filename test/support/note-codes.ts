import type { RunResult } from '@drumline/wire';

/** Notes that a busy machine can cause in any run. */
const PRESSURE: readonly string[] = ['lane-busy', 'lane-stalled', 'untrusted'];

/** Codes of a result's notes, in order, without those that a busy machine can cause. */
export function codesOf({ notes }: Pick<RunResult, 'notes'>): string[] {
  return notes.map(({ code }) => code).filter((code) => !PRESSURE.includes(code));
}
