/** A part of a view with a flexible height. */
export interface ViewPart {
  /** The minimum height, lines. */
  readonly minLines: number;
  /** Renders the part in at most this many lines. */
  readonly lines: (maxLines: number) => string[];
}

/**
 * Shares the lines of a terminal among parts, with a blank line before each. First, each part gets
 * its minimum, in order. The remaining lines are distributed one by one. Lines that a part cannot
 * use, because its next entry needs more, go to the others.
 */
export function shareLines(parts: readonly ViewPart[], room: number): string[] {
  const all = Math.max(0, room - 1);
  const wanted = parts.map(({ lines }) => lines(all).length);
  const given = parts.map(() => 0);
  let left = room;
  for (const [index, { minLines }] of parts.entries()) {
    const need = Math.min(minLines, wanted[index]!);
    if (need === 0 || need + 1 > left) continue;
    given[index] = need;
    left -= need + 1;
  }
  const open = new Set([...parts.keys()].filter((index) => given[index]! > 0));
  while (left > 0 && open.size > 0) {
    left = distribute(open, given, wanted, left);
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

/** Gives one line to each part in turn. @returns the remaining lines */
function distribute(open: Set<number>, given: number[], wanted: readonly number[], room: number): number {
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
