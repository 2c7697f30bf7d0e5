/** How a user type takes part in the load: by weight, or with a fixed number of users. */
export interface UserTypeShare {
  readonly name: string;
  /** Relative to the other types' weights; ignored where `fixedCount` is set. */
  readonly weight: number;
  /** This many users whatever the load, served before any weighted type. */
  readonly fixedCount?: number | undefined;
}

/**
 * Which type each user of the run is. User *i* (counted cluster-wide from 0) is of type `types[sequence[i]]`, for ever:
 * a larger load only appends, so changing the load never changes what a running user is.
 *
 * Fixed counts come first; the rest follows by smooth weighted round-robin (nginx), so that every prefix is as near to
 * the weights as whole users can be.
 * @returns an index into `types` per user, `count` long (shorter if there are fixed types only)
 */
export function userTypeSequence(types: readonly UserTypeShare[], count: number): Uint16Array {
  const sequence = new Uint16Array(count);
  let length = 0;
  types.forEach((type, index) => {
    for (let n = 0; n < (type.fixedCount ?? 0) && length < count; n += 1) sequence[length++] = index;
  });
  const weighted = types.flatMap((type, index) =>
    type.fixedCount === undefined && type.weight > 0 ? [{ index, weight: type.weight, credit: 0 }] : [],
  );
  const total = weighted.reduce((sum, type) => sum + type.weight, 0);
  if (weighted.length === 0) return sequence.slice(0, length);
  const start = length;
  while (length < count) {
    // Nobody is ahead or behind: what follows has been already.
    if (length > start && weighted.every(({ credit }) => Math.abs(credit) < total * 1e-9))
      return repeatFrom(sequence, start, length);
    let next = weighted[0]!;
    for (const type of weighted) {
      type.credit += type.weight;
      if (type.credit > next.credit) next = type;
    }
    next.credit -= total;
    sequence[length++] = next.index;
  }
  return sequence;
}

/**
 * The number of each user among those of its own type, from 0.
 * @param sequence as `userTypeSequence` gives it
 */
export function ordinalsOf(sequence: Uint16Array): Uint32Array {
  const counts: number[] = [];
  return Uint32Array.from(sequence, (type) => {
    const ordinal = counts[type] ?? 0;
    counts[type] = ordinal + 1;
    return ordinal;
  });
}

/** Fills the rest of a sequence with what is in it from `start` to `end`, over and over. */
function repeatFrom(sequence: Uint16Array, start: number, end: number): Uint16Array {
  for (let filled = end; filled < sequence.length; filled += filled - start)
    sequence.copyWithin(filled, start, filled);
  return sequence;
}

/**
 * Why fixed counts and a number of users do not go together, as the end of a sentence; nothing if
 * they do.
 */
export function fixedCountMismatch(types: readonly UserTypeShare[], users: number): string | undefined {
  const fixed = types.reduce((sum, { fixedCount }) => sum + (fixedCount ?? 0), 0);
  if (users < fixed)
    return `the fixed counts add up to ${fixed} users, and the load has ${users} at most: ${fixed - users} of them never start`;
  const isWeighted = types.some(({ fixedCount, weight }) => fixedCount === undefined && weight > 0);
  if (isWeighted || users === fixed) return undefined;
  return `the load has up to ${users} users, and there are fixed counts only, ${fixed} in all: ${users - fixed} users never start`;
}
