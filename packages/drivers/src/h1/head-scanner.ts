import type { Failure } from '../engine/failure.js';
import { BROKEN, FieldScanner } from './fields.js';
import { Framing } from './framing.js';
import type { SectionScanner } from './section.js';
import { StatusLineScanner } from './status-line.js';

/** Status line and field lines; what the framing fields say is in `framing`. */
export class HeadScanner implements SectionScanner {
  readonly line = new StatusLineScanner();
  readonly framing = new Framing();
  readonly fields = new FieldScanner(this.framing);
  failure: Failure | undefined;
  #inFields = false;

  begin(start: number): void {
    this.#inFields = false;
    this.line.begin(start);
    this.framing.begin();
  }

  shift(by: number): void {
    if (this.#inFields) this.fields.shift(by);
    else this.line.shift(by);
  }

  scan(bytes: Buffer, end: number): number {
    if (!this.#inFields) {
      const next = this.line.scan(bytes, end);
      if (next < 0) return this.#stop(next, this.line.failure);
      this.#inFields = true;
      this.fields.begin(next);
    }
    const next = this.fields.scan(bytes, end);
    return next < 0 ? this.#stop(next, this.fields.failure) : next;
  }

  #stop(result: number, failure: Failure | undefined): number {
    if (result === BROKEN) this.failure = failure;
    return result;
  }
}
