import { DrumlineError } from '@drumline/model';
import type { RunControl } from '@drumline/master/testing';
import type { PlayedRun } from './played-run.js';

/** Runs that a master executes one after the other. Several sequences are side by side. */
export class RunSequence {
  /** The run that is executed, or was executed last. */
  current: PlayedRun | undefined;
  /** Controls the present run. */
  control: RunControl | undefined;

  constructor(readonly runs: readonly PlayedRun[]) {}

  /** The run that must be executed, or resumed, next. */
  get next(): PlayedRun | undefined {
    return this.runs.find(({ isOver }) => !isOver);
  }

  /** Sends an order to the present run. The run may reject it. */
  order(order: (control: RunControl) => void): void {
    try {
      if (this.control) order(this.control);
    } catch (error) {
      if (!(error instanceof DrumlineError)) throw error;
    }
  }
}
