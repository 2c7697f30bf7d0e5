import { seededRandom } from '@drumline/model';
import type { Owner } from './user-clients.js';
import type { RowUser } from './user-rows.js';

/** Where the seed of a run is found. */
export interface Seeded {
  /** Seed of the random numbers of the run. */
  readonly seed: number;
}

/** The data of users whose type has none. */
const NO_ROWS = {};

/** What depends only on the numbers of a user and of its iterations: rows and random numbers. */
export abstract class NumberedUser implements RowUser {
  /** Number of the current iteration among those of the user, from 0; -1 before the first. */
  iterationCount = -1;
  private rows: object | undefined;
  private draw: (() => number) | undefined;

  constructor(
    protected readonly owner: Owner,
    private readonly seeded: Seeded,
  ) {}

  get data(): object {
    return (this.rows ??= this.owner.openRows?.(this) ?? NO_ROWS);
  }

  get random(): () => number {
    return (this.draw ??= seededRandom(this.seeded.seed, this.owner.index + 1));
  }

  get iterationNumber(): number {
    const count = Math.max(0, this.iterationCount);
    return this.owner.numbering?.numberOf(this.owner.index, count) ?? count;
  }

  get ordinal(): number {
    return this.owner.numbering?.ordinalOf(this.owner.index) ?? 0;
  }

  abstract stopUser(): never;

  abstract stopRun(reason: string): never;
}
