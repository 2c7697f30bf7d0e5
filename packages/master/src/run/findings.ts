import { describeFinding, DrumlineError, TARGET_HINT } from '@drumline/model';
import type { Finding } from '@drumline/wire';
import type { NoteCollector } from './note-collector.js';

/** Turns what lanes found wrong with the scenario into one note per kind and subject. */
export class Findings {
  private readonly counts = new Map<string, { count: number; workers: Set<string> }>();

  constructor(private readonly notes: NoteCollector) {}

  /** @param worker its id */
  take(worker: string, findings: readonly Finding[]): void {
    for (const { kind, subject, count } of findings) {
      const key = `${kind} ${subject}`;
      const known = this.counts.get(key) ?? { count: 0, workers: new Set() };
      this.counts.set(key, known);
      known.count += count;
      known.workers.add(worker);
      this.notes.add(kind, describeFinding(kind, subject, known.count, [...known.workers]), key);
    }
  }
}

/** The error of a run whose requests can never be sent. @param task with its user type */
export function withoutTarget(task: string): DrumlineError {
  return new DrumlineError(
    'scenario-invalid',
    `Task ${task} requests a relative URL, but no target is set.`,
    TARGET_HINT,
  );
}
