/** A user type's share of the load: by weight, or a fixed number of users. */
export interface UserTypeShare {
  readonly name: string;
  /** Relative to the weights of the other types. Ignored if `fixedCount` is set. */
  readonly weight: number;
  /** Number of users independent of the load. They start before those of weighted types. */
  readonly fixedCount?: number | undefined;
}

/**
 * The type of each user of a run. User *i*, counted over the cluster from 0, is of type
 * `types[sequence[i]]`. A larger load only appends, so that the type of a running user never
 * changes.
 *
 * Fixed counts come first. The rest is distributed by smooth weighted round-robin, as in nginx, so
 * that every prefix matches the weights as closely as whole users can.
 * @returns an index into `types` for each user; shorter than `count` if all types have fixed counts
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
    // All credits are zero: the sequence repeats from here.
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
 * The number of each user among the users of its type, from 0.
 * @param sequence the result of `userTypeSequence`
 */
export function ordinalsOf(sequence: Uint16Array): Uint32Array {
  const counts: number[] = [];
  return Uint32Array.from(sequence, (type) => {
    const ordinal = counts[type] ?? 0;
    counts[type] = ordinal + 1;
    return ordinal;
  });
}

/** Fills the rest of a sequence by repeating the part from `start` to `end`. */
function repeatFrom(sequence: Uint16Array, start: number, end: number): Uint16Array {
  for (let filled = end; filled < sequence.length; filled += filled - start)
    sequence.copyWithin(filled, start, filled);
  return sequence;
}

/**
 * Why the fixed counts do not match the number of users, as the end of a sentence; undefined if
 * they match.
 */
export function fixedCountMismatch(types: readonly UserTypeShare[], users: number): string | undefined {
  const fixed = types.reduce((sum, { fixedCount }) => sum + (fixedCount ?? 0), 0);
  if (users < fixed)
    return `the fixed counts add up to ${fixed} users, but the load has at most ${users}: ${fixed - users} of them never start`;
  const isWeighted = types.some(({ fixedCount, weight }) => fixedCount === undefined && weight > 0);
  if (isWeighted || users === fixed) return undefined;
  return `the load has up to ${users} users, but all user types have fixed counts, ${fixed} in total: ${users - fixed} users never start`;
}
