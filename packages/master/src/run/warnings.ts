import { sentenceOf, type LoadProfile, type Plan, type PlanWarning } from '@drumline/model';
import type { RateLimitedSay } from '../cluster/rate-limited-say.js';
import type { WorkerRecord } from '../cluster/registry.js';
import type { Notebook } from './notebook.js';
import { findTightWorkers } from './tight-limits.js';

/** Warnings of a kind that are said within ten seconds before they are only counted. */
const BURST = 5;

/** What is probably not meant in a plan: said at once, and kept for the report. */
export class Warnings {
  constructor(
    private readonly notes: Notebook,
    private readonly limited: RateLimitedSay,
    private readonly registry: { readonly present: readonly WorkerRecord[] },
  ) {}

  add(warning: PlanWarning): void {
    const sentence = sentenceOf(warning);
    this.limited.line(warning.code, `warning: ${sentence}`, BURST);
    this.notes.add(warning.code, sentence, `${warning.code} ${warning.where}`);
  }

  /** Looks whether the workers there are can carry the load. */
  addLimits(plan: Plan, load: LoadProfile): void {
    for (const warning of findTightWorkers(plan, load, this.registry.present)) this.add(warning);
  }
}
