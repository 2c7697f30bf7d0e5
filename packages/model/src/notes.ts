/** Codes of notes. docs/troubleshooting.md explains each. */
export const NOTE_CODES = [
  'worker-lost',
  'worker-returned',
  'worker-joined-late',
  'worker-left',
  'lane-crashed',
  'lane-stalled',
  'lane-busy',
  'untrusted',
  'stats-reset',
  'load-changed',
  'shape-failed',
  'shape-overridden',
  'paused',
  'stopped-early',
  'nothing-measured',
  'target-down',
  'reports-missing',
  'starts-missing',
  'interrupted-requests',
  'intervals-lost',
  'output-dropped',
  'times-missing',
  'exceptions',
  'failure-hint',
  'measured-requests',
  'users-not-started',
  'users-stopped',
  'teardown-failed',
  'hook-failed',
  'users-unplaced',
  'master-resumed',
  'unfinished',
  'store-failed',
  'series-limit',
  'refused',
  'unset-variable',
  'floating-promise',
  'no-target',
  'fixed-counts',
  'few-rows',
  'wait-ignored',
  'tight-limits',
  'port-interrupted',
  'notes-limit',
  'losses-limit',
  'rows-lost',
  'worker-excluded',
  'odd-responses',
  'samples-dropped',
  'users-twice',
  'internal',
] as const;

export type NoteCode = (typeof NOTE_CODES)[number];

/** A note of a result: something a reader must know to interpret the figures. */
export interface Note {
  readonly code: NoteCode;
  /** A complete sentence that names the worker or user type and the time. */
  readonly message: string;
}
