import { MAX_SHARED_CHARACTERS } from './value-ops.js';

/** Memory that all values of a run share. */
export class Budget {
  private used = 0;

  /** Whether a value of this length may be stored in addition. */
  has(characters: number): boolean {
    return this.used + characters <= MAX_SHARED_CHARACTERS;
  }

  /** @param characters negative for a value that was removed */
  change(characters: number): void {
    this.used += characters;
  }
}
