import { sentenceOf, type Load, type Plan, type PlanWarning } from '@drumline/model';
import type { RateLimitedLog } from '../cluster/rate-limited-log.js';
import type { Participant } from '../allocation/participant.js';
import type { NoteCollector } from './note-collector.js';
import { findTightWorkers } from './tight-limits.js';

/** Number of warnings of a kind that are printed within ten seconds. More are only counted. */
const BURST = 5;

/** Prints warnings about a plan and adds them to the notes. */
export class Warnings {
  constructor(
    private readonly notes: NoteCollector,
    private readonly limited: RateLimitedLog,
    private readonly workers: { readonly present: readonly Participant[] },
  ) {}

  add(warning: PlanWarning): void {
    const sentence = sentenceOf(warning);
    this.limited.line(warning.code, `warning: ${sentence}`, BURST);
    this.notes.add(warning.code, sentence, `${warning.code} ${warning.where}`);
  }

  /** Checks whether the present workers can carry the load. */
  addLimits(plan: Plan, load: Load): void {
    for (const warning of findTightWorkers(plan, load, this.workers.present)) this.add(warning);
  }
}
