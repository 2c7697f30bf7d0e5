/** The numbers from `from` to below `to`. */
export type NumberRange = readonly [from: number, to: number];

/** How many numbers some ranges have, if none of them overlap. */
export function sizeOf(ranges: readonly NumberRange[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** A set of whole numbers as ascending ranges. Small if its numbers are mostly adjacent. */
export class NumberRanges {
  private ranges: NumberRange[] = [];

  constructor(ranges: Iterable<NumberRange> = []) {
    for (const range of ranges) this.add(range);
  }

  /** The ranges, ascending, with gaps between them. Replaced on every change. */
  get all(): readonly NumberRange[] {
    return this.ranges;
  }

  get size(): number {
    return sizeOf(this.ranges);
  }

  /** Adds the numbers that the set does not have yet. */
  add([from, to]: NumberRange): void {
    if (to <= from) return;
    const before = this.ranges.filter((range) => range[1] < from);
    const after = this.ranges.filter((range) => range[0] > to);
    const touching = this.ranges.slice(before.length, this.ranges.length - after.length);
    const first = Math.min(from, touching[0]?.[0] ?? from);
    const last = Math.max(to, touching.at(-1)?.[1] ?? to);
    this.ranges = [...before, [first, last], ...after];
  }

  /** Removes numbers. @returns those that the set had */
  remove([from, to]: NumberRange): NumberRange[] {
    const had: NumberRange[] = [];
    const left: NumberRange[] = [];
    for (const range of this.ranges) {
      const cut: NumberRange = [Math.max(from, range[0]), Math.min(to, range[1])];
      if (cut[1] <= cut[0]) {
        left.push(range);
        continue;
      }
      had.push(cut);
      if (range[0] < cut[0]) left.push([range[0], cut[0]]);
      if (cut[1] < range[1]) left.push([cut[1], range[1]]);
    }
    this.ranges = left;
    return had;
  }

  /** Removes the first numbers, beginning at `from` and going on below it. @param count at most */
  take(count: number, from = 0): NumberRange[] {
    const taken: NumberRange[] = [];
    let missing = count;
    const inOrder = [...clipped(this.ranges, from, Infinity), ...clipped(this.ranges, -Infinity, from)];
    for (const [first, last] of inOrder) {
      if (missing <= 0) break;
      const range: NumberRange = [first, Math.min(last, first + missing)];
      taken.push(range);
      missing -= range[1] - range[0];
    }
    for (const range of taken) this.remove(range);
    return taken;
  }

  /** Removes the highest numbers. @param count at most */
  takeLast(count: number): NumberRange[] {
    const taken: NumberRange[] = [];
    let missing = count;
    for (const [first, last] of this.ranges.toReversed()) {
      if (missing <= 0) break;
      const range: NumberRange = [Math.max(first, last - missing), last];
      taken.unshift(range);
      missing -= range[1] - range[0];
    }
    for (const range of taken) this.remove(range);
    return taken;
  }
}

function clipped(ranges: readonly NumberRange[], from: number, to: number): NumberRange[] {
  return ranges
    .map(([first, last]): NumberRange => [Math.max(first, from), Math.min(last, to)])
    .filter(([first, last]) => first < last);
}
