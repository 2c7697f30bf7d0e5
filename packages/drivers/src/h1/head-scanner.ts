import type { Failure } from '../engine/failure.js';
import { BROKEN, FieldScanner } from './fields.js';
import { Framing } from './framing.js';
import { H1Head } from './head.js';
import type { SectionScanner } from './section.js';
import { StatusLineScanner } from './status-line.js';

/** Status line and field lines. */
export class HeadScanner implements SectionScanner {
  failure: Failure | undefined;
  readonly #line = new StatusLineScanner();
  readonly #fields = new FieldScanner();
  #framing: Framing | undefined;
  /** Whether to reject ambiguous framing. */
  strict = false;

  begin(start: number): void {
    this.#framing = undefined;
    this.#line.begin(start);
  }

  shift(by: number): void {
    if (this.#framing === undefined) this.#line.shift(by);
    else this.#fields.shift(by);
  }

  scan(bytes: Buffer, end: number): number {
    if (this.#framing === undefined) {
      const next = this.#line.scan(bytes, end);
      if (next < 0) return this.#stop(next, this.#line.failure);
      this.#framing = new Framing(this.#line.old, this.strict);
      this.#fields.begin(next, this.#framing);
    }
    const next = this.#fields.scan(bytes, end);
    return next < 0 ? this.#stop(next, this.#fields.failure) : next;
  }

  /**
   * Call after the end was found.
   * @param text of the section
   */
  head(text: string): H1Head {
    return new H1Head(text, this.#line.status, this.#framing!, this.#fields.presence);
  }

  #stop(result: number, failure: Failure | undefined): number {
    if (result === BROKEN) this.failure = failure;
    return result;
  }
}
