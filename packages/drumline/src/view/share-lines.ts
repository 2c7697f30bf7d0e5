/** A part of a view that can do with fewer lines. */
export interface PartOfView {
  /** The fewest that are of use. */
  readonly least: number;
  /** At most so many lines; all it has where there is room. */
  readonly lines: (most: number) => string[];
}

/**
 * Shares the lines of a terminal among parts, with a blank line before each. First each gets its
 * least, in order. The rest goes round, a line at a time; what a part cannot use, as its next entry
 * needs more lines, goes to the others.
 */
export function shareLines(parts: readonly PartOfView[], room: number): string[] {
  const all = Math.max(0, room - 1);
  const wanted = parts.map(({ lines }) => lines(all).length);
  const given = parts.map(() => 0);
  let left = room;
  for (const [index, { least }] of parts.entries()) {
    const need = Math.min(least, wanted[index]!);
    if (need === 0 || need + 1 > left) continue;
    given[index] = need;
    left -= need + 1;
  }
  const open = new Set([...parts.keys()].filter((index) => given[index]! > 0));
  while (left > 0 && open.size > 0) {
    left = giveOut(open, given, wanted, left);
    for (const [index, { lines }] of parts.entries()) {
      const unused = given[index]! - (given[index] === 0 ? 0 : lines(given[index]!).length);
      if (unused <= 0) continue;
      given[index]! -= unused;
      left += unused;
      open.delete(index);
    }
  }
  return parts.flatMap(({ lines }, index) => (given[index] === 0 ? [] : ['', ...lines(given[index]!)]));
}

/** Gives one line to each part in turn. @returns the lines that are left over */
function giveOut(open: Set<number>, given: number[], wanted: readonly number[], room: number): number {
  let left = room;
  while (left > 0 && open.size > 0) {
    for (const index of open) {
      if (given[index]! >= wanted[index]!) open.delete(index);
      else if (left > 0) {
        given[index]! += 1;
        left -= 1;
      }
    }
  }
  return left;
}
