/** How a threshold did in the seconds before a restart of the master. */
export interface StoredHistory {
  readonly brokenSeconds: number;
  readonly firstBroken?: number;
  /** The worst figure that was observed. */
  readonly worst?: number;
  /** The latest figure. */
  readonly latest?: number;
  /** The last seconds in a row in which it was broken. */
  readonly streak: number;
}

/** What a threshold observed in each second, and in which seconds it was broken. */
export class History {
  /** By second; NaN or absent for seconds without a figure. */
  readonly #observed: number[] = [];
  #broken = new Set<number>();
  #newest = -1;
  #streak = 0;
  /** Absent if it must be found again. */
  #first: number | undefined = Infinity;
  #worst: number | undefined = Number.NaN;
  #earlier: StoredHistory = { brokenSeconds: 0, streak: 0 };

  /** @param isWorse whether the first figure is worse than the second */
  constructor(private readonly isWorse: (one: number, other: number) => boolean) {}

  /** Seconds may be set again, and in any order. */
  set(second: number, observed = Number.NaN, isBroken: boolean): void {
    const before = this.#observed[second] ?? Number.NaN;
    this.#observed[second] = observed;
    if (this.#worst !== undefined) {
      if (before === this.#worst && before !== observed) this.#worst = undefined;
      else if (isFirstWorse(observed, this.#worst, this.isWorse)) this.#worst = observed;
    }
    const wasBroken = this.#broken.has(second);
    if (isBroken) this.#broken.add(second);
    else this.#broken.delete(second);
    if (this.#first !== undefined && isBroken) this.#first = Math.min(this.#first, second);
    else if (wasBroken && second === this.#first) this.#first = undefined;
    if (second === this.#newest + 1 || this.#newest < 0) {
      this.#newest = second;
      this.#streak = isBroken ? this.#streak + 1 : 0;
    } else {
      this.#newest = Math.max(this.#newest, second);
      this.#streak = this.countStreak();
    }
  }

  /** Keeps the last judgment for a further second, because what it is judged by arrives later. */
  hold(second: number): void {
    if (second === this.#newest + 1) this.set(second, this.latest, this.isBroken);
  }

  /** Whether it is broken at present. */
  get isBroken(): boolean {
    return this.#streak > 0;
  }

  /** The latest figure. */
  get latest(): number | undefined {
    return this.#newest < 0 ? this.#earlier.latest : known(this.#observed[this.#newest]);
  }

  get brokenSeconds(): number {
    return this.#earlier.brokenSeconds + this.#broken.size;
  }

  get firstBroken(): number | undefined {
    const { firstBroken } = this.#earlier;
    if (firstBroken !== undefined) return firstBroken;
    this.#first ??= [...this.#broken].reduce((one, other) => Math.min(one, other), Infinity);
    return Number.isFinite(this.#first) ? this.#first : undefined;
  }

  /** The number of seconds in a row, up to the newest, in which it was broken. */
  get streak(): number {
    return this.#streak;
  }

  /** The worst figure of all seconds. */
  get worst(): number | undefined {
    this.#worst ??= this.#observed.reduce(
      (worst, figure) => (isFirstWorse(figure, worst, this.isWorse) ? figure : worst),
      this.#earlier.worst ?? Number.NaN,
    );
    return known(this.#worst);
  }

  get stored(): StoredHistory {
    const { brokenSeconds, firstBroken, worst, latest, streak } = this;
    return {
      brokenSeconds,
      streak,
      ...(firstBroken !== undefined && { firstBroken }),
      ...(worst !== undefined && { worst }),
      ...(latest !== undefined && { latest }),
    };
  }

  restore(stored: StoredHistory): void {
    this.reset();
    this.#earlier = stored;
    this.#worst = stored.worst ?? Number.NaN;
    this.#streak = stored.streak;
  }

  reset(): void {
    this.#observed.length = 0;
    this.#broken = new Set();
    this.#newest = -1;
    this.#streak = 0;
    this.#first = Infinity;
    this.#worst = Number.NaN;
    this.#earlier = { brokenSeconds: 0, streak: 0 };
  }

  private countStreak(): number {
    let second = this.#newest;
    while (this.#broken.has(second)) second -= 1;
    const streak = this.#newest - second;
    // Only if every second of this master is broken can the streak have begun earlier.
    return this.#observed[second] === undefined ? streak + this.#earlier.streak : streak;
  }
}

function isFirstWorse(one: number, other: number, isWorse: (one: number, other: number) => boolean): boolean {
  return !Number.isNaN(one) && (Number.isNaN(other) || isWorse(one, other));
}

function known(figure: number | undefined): number | undefined {
  return figure === undefined || Number.isNaN(figure) ? undefined : figure;
}
