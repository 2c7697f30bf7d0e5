import { DrumlineError, sentenceOf, type Load, type Plan, type PlanWarning } from '@drumline/model';
import type { RateLimitedLog } from '../cluster/rate-limited-log.js';
import type { Participant } from '../allocation/participant.js';
import type { NoteCollector } from './note-collector.js';
import { findTightWorkers, type TightWorker } from './tight-limits.js';

/** Number of warnings of a kind that are printed within ten seconds. More are only counted. */
const BURST = 5;

/** Workers that an error names. */
const MOST_NAMED = 3;

/** Prints warnings about a plan and adds them to the notes. */
export class Warnings {
  constructor(
    private readonly notes: NoteCollector,
    private readonly limited: RateLimitedLog,
    private readonly workers: { readonly present: readonly Participant[] },
  ) {}

  /** @param subject what it is about; a later warning about the same replaces it in the notes */
  add(warning: PlanWarning, subject = warning.where): void {
    const sentence = sentenceOf(warning);
    this.limited.line(warning.code, `warning: ${sentence}`, BURST);
    this.notes.add(warning.code, sentence, `${warning.code} ${subject}`);
  }

  /**
   * Checks whether the machines of workers allow the load.
   * @param some of the present workers, by default all of them
   */
  addLimits(plan: Plan, load: Load, some?: readonly Participant[]): TightWorker[] {
    const found = findTightWorkers(plan, load, this.workers.present, some);
    for (const warning of found) this.add(warning, `${warning.where} ${warning.check}`);
    return found;
  }

  /**
   * Checks the load before the start.
   * @param force whether a run starts that a limit will certainly break
   * @throws DrumlineError `limits-too-low` that names the workers, unless it is forced
   */
  requireLimits(plan: Plan, load: Load, force = false): void {
    const broken = this.addLimits(plan, load).filter(({ breaks }) => breaks);
    if (broken.length > 0 && !force) throw tooLow(broken);
  }
}

function tooLow(broken: readonly TightWorker[]): DrumlineError {
  const named = broken.slice(0, MOST_NAMED).map(({ where, message }) => `${where}: ${message}.`);
  const others = broken.length - named.length;
  const more = others === 0 ? [] : [`There are ${others} more such limits.`];
  const hints = new Set(broken.map(({ hint }) => hint));
  return new DrumlineError(
    'limits-too-low',
    ['The run does not start, because a limit will certainly break it:', ...named, ...more].join('\n  '),
    `${[...hints].join('\n      ')}\n      To start it anyway, pass --force.`,
  );
}
