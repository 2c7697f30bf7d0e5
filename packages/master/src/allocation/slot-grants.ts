import type { Millis, Placement } from '@drumline/model';

/**
 * Slots of a part that one lane deals with, from a position on. The position is a run time for
 * parts with a rate, and the number of an iteration for parts with a fixed number of them.
 */
export interface Grant {
  /** Unique in the run. A lane that knows the grant keeps its own position. */
  readonly id: number;
  readonly lane: string;
  readonly from: number;
  /** Ascending. */
  readonly items: readonly number[];
  /**
   * The lane was told to hand these slots over. It has them until it answers, and deals with them
   * up to the position of its answer.
   */
  readonly untilMs?: Millis;
  /** When the grant was made, in run time. */
  readonly givenMs?: Millis;
}

/** Slots that no lane has. */
export interface FreeSlots {
  /** Where the lane that had them stopped. */
  readonly from: number;
  readonly items: readonly number[];
  /** Whether a placement found no lane for them. */
  readonly unserved?: boolean;
}

/** The answer of a lane that hands slots over, or had to. */
export interface Handover {
  readonly lane: string;
  readonly grant: number;
  readonly items: readonly number[];
  /** It dealt with everything before this position, and with nothing from it on. */
  readonly position: number;
}

/**
 * How long slots are listed after their release. Longer than a lane can be behind the master's
 * clock.
 */
const PASSED_MS: Millis = 2_000;

/** How long it is known who had slots. Longer than reports usually are on their way. */
const REMEMBERED_MS: Millis = 60_000;

/** What a placement changes. */
interface Change {
  /** The lane that each slot should be on. Slots without an entry have no lane. */
  readonly target: Placement;
  /** Lanes that hand over all their slots, even if no lane can take them. */
  readonly leaving: ReadonlySet<string>;
  /** The present run time. */
  readonly nowMs: Millis;
  /** The run time at which released slots change their lane. */
  readonly switchAtMs: Millis;
  readonly nextId: () => number;
}

/**
 * Which lane deals with each slot of a part. Every slot is in exactly one grant, or free. So no
 * start of a slot happens twice or never, whatever messages are lost.
 *
 * A slot changes its lane in two steps. Its lane is told to release it, and answers with the
 * position that it commits to. Only then another lane is granted the slot from that position on.
 */
export class SlotGrants {
  #grants: readonly Grant[];
  #free: readonly FreeSlots[];
  #ending: readonly Grant[];
  #past: readonly Grant[];
  /** Those of the past grants whose lane has crashed, and whose loss is not known yet. */
  private crashed: readonly Grant[] = [];

  constructor(
    /** Whether positions are times, so that a lane keeps slots for a while after its answer. */
    private readonly isTimed: boolean,
    grants: readonly Grant[],
    free: readonly FreeSlots[],
    ending: readonly Grant[] = [],
    past: readonly Grant[] = ending,
  ) {
    this.#grants = grants;
    this.#free = free;
    this.#ending = ending;
    this.#past = past;
  }

  /** All slots are free, from the beginning. */
  static ofAll(count: number, isTimed = true): SlotGrants {
    const items = Array.from({ length: count }, (_, item) => item);
    return new SlotGrants(isTimed, [], count === 0 ? [] : [{ from: 0, items }]);
  }

  /** Replaced by a new list on every change. */
  get grants(): readonly Grant[] {
    return this.#grants;
  }

  get free(): readonly FreeSlots[] {
    return this.#free;
  }

  /**
   * Slots that lanes have handed over, and deal with up to the time of the release. Others have
   * them from then on.
   */
  get ending(): readonly Grant[] {
    return this.#ending;
  }

  /**
   * Slots that lanes had, each up to the position at which others have them. Only the recent ones.
   */
  get past(): readonly Grant[] {
    return this.#past;
  }

  /** The lanes of the slots that are not being handed over. */
  get placement(): Placement {
    const byLane = new Map<string, readonly number[][]>();
    for (const { lane, items, untilMs } of this.#grants)
      if (untilMs === undefined) byLane.set(lane, [...(byLane.get(lane) ?? []), [...items]]);
    return new Map([...byLane].map(([lane, lists]) => [lane, merged(lists)]));
  }

  /** Whether the lane deals with slots, or did not say yet that it stops. */
  has(lane: string): boolean {
    return [...this.#grants, ...this.#ending].some((grant) => grant.lane === lane);
  }

  /** Adds slots that do not exist yet. They are free. */
  extend(from: number, items: readonly number[]): void {
    if (items.length > 0) this.setFree([...this.#free, { from, items }]);
  }

  /** Takes the answer of a lane. @returns whether it frees slots */
  handOver({ lane, grant, items, position }: Handover): boolean {
    const given = new Set(items);
    const freed: FreeSlots[] = [];
    const past: Grant[] = [];
    const crashed: Grant[] = [];
    const ending: Grant[] = [];
    this.#grants = this.#grants.flatMap((one) => {
      if (one.lane !== lane || one.id !== grant) return [one];
      const [gone, kept] = split(one.items, (item) => given.has(item));
      if (gone.length > 0) {
        const ended = { ...one, items: gone, untilMs: position };
        freed.push({ from: position, items: gone });
        if (this.isTimed) past.push(ended);
        // Only a crash ends what was not to be handed over, or later.
        if (this.isTimed && position < (one.untilMs ?? Infinity)) crashed.push(ended);
        if (this.isTimed && one.untilMs !== undefined) ending.push(ended);
      }
      return kept.length > 0 ? [{ ...one, items: kept }] : [];
    });
    if (freed.length === 0) return false;
    this.#past = [...this.#past, ...past];
    this.crashed = [...this.crashed, ...crashed];
    this.#ending = [...this.#ending, ...ending];
    this.setFree([...this.#free, ...freed]);
    return true;
  }

  /** The slots that lanes had when they crashed, since the last call. */
  takeCrashed(lane: string): readonly Grant[] {
    const taken = this.crashed.filter((grant) => grant.lane === lane);
    if (taken.length > 0) this.crashed = this.crashed.filter((grant) => grant.lane !== lane);
    return taken;
  }

  /**
   * A lane has crashed, so that it does not deal with slots up to the time of its answer.
   * @returns the slots that nobody deals with until then
   */
  cutOff(lane: string, atMs: Millis): readonly Grant[] {
    const cut = this.#ending.filter((grant) => grant.lane === lane && grant.untilMs! > atMs);
    if (cut.length === 0) return cut;
    this.#ending = this.#ending.filter((grant) => !cut.includes(grant));
    this.#past = this.#past.map((grant) => (cut.includes(grant) ? { ...grant, untilMs: atMs } : grant));
    return cut;
  }

  /**
   * Takes all slots from lanes that are gone and cannot answer.
   * @param positionOf where others go on with the slots of a grant
   * @returns the grants that have ended
   */
  takeFrom(isGone: (lane: string) => boolean, positionOf: (grant: Grant) => number): readonly Grant[] {
    const lost = this.#grants.filter(({ lane }) => isGone(lane));
    const cut = this.#ending.filter(({ lane }) => isGone(lane));
    if (cut.length > 0) this.#ending = this.#ending.filter(({ lane }) => !isGone(lane));
    this.#past = this.#past.filter(({ lane }) => !isGone(lane));
    if (lost.length === 0) return cut;
    this.#grants = this.#grants.filter(({ lane }) => !isGone(lane));
    const freed = lost.map((grant) => ({ from: positionOf(grant), items: grant.items }));
    this.setFree([...this.#free, ...freed]);
    return [...lost, ...cut];
  }

  /** Orders releases, and grants free slots to their lanes. */
  change({ target, leaving, nowMs, switchAtMs, nextId }: Change): void {
    const laneOf = new Map<number, string>();
    for (const [lane, items] of target) for (const item of items) laneOf.set(item, lane);
    const grants = this.#grants.flatMap((grant) =>
      grant.untilMs === undefined ? releasing(grant) : [grant],
    );
    const [served, unserved] = splitFree(this.#free, (item) => laneOf.has(item));
    for (const { from, items } of served) {
      for (const [lane, own] of groupsOf(items, (item) => laneOf.get(item)!))
        grants.push({ id: nextId(), lane, from, items: own, givenMs: nowMs });
    }
    this.#grants = grants;
    this.#ending = this.#ending.filter(({ untilMs }) => untilMs! > nowMs - PASSED_MS);
    const isRecent = ({ untilMs }: Grant): boolean => untilMs! > nowMs - REMEMBERED_MS;
    this.#past = this.#past.filter(isRecent);
    this.crashed = this.crashed.filter(isRecent);
    this.setFree(unserved.map((free) => ({ ...free, unserved: true })));

    function releasing(grant: Grant): Grant[] {
      const stays = (item: number): boolean => {
        const lane = laneOf.get(item);
        return lane === grant.lane || (lane === undefined && !leaving.has(grant.lane));
      };
      const [kept, given] = split(grant.items, stays);
      if (given.length === 0) return [grant];
      const released = { ...grant, items: given, untilMs: switchAtMs };
      return kept.length === 0 ? [released] : [{ ...grant, items: kept }, released];
    }
  }

  /** No lane gets the free slots any more. */
  giveUp(): void {
    this.setFree(this.#free.map((free) => ({ ...free, unserved: true })));
  }

  /**
   * Moves the position of slots that had no lane to a time. What was due until then is skipped.
   * @returns the slots with their previous positions
   */
  skipUnserved(untilMs: Millis): readonly FreeSlots[] {
    const skipped = this.#free.filter(({ unserved, from }) => unserved && from < untilMs);
    if (skipped.length === 0) return skipped;
    this.setFree(this.#free.map((free) => (skipped.includes(free) ? { ...free, from: untilMs } : free)));
    return skipped;
  }

  /** Sets the free slots, with one entry for each position. */
  private setFree(free: readonly FreeSlots[]): void {
    const entries = new Map<string, FreeSlots[]>();
    for (const one of free) {
      const key = `${one.from} ${one.unserved === true}`;
      entries.set(key, [...(entries.get(key) ?? []), one]);
    }
    this.#free = [...entries.values()].map((same) =>
      same.length === 1 ? same[0]! : { ...same[0]!, items: merged(same.map(({ items }) => items)) },
    );
  }
}

function merged(lists: readonly (readonly number[])[]): readonly number[] {
  return lists.length === 1 ? lists[0]! : lists.flat().sort((a, b) => a - b);
}

function split(items: readonly number[], isFirst: (item: number) => boolean): [number[], number[]] {
  const first: number[] = [];
  const second: number[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}

function splitFree(
  all: readonly FreeSlots[],
  isFirst: (item: number) => boolean,
): [FreeSlots[], FreeSlots[]] {
  const parts = all.map((free) => split(free.items, isFirst).map((items) => ({ ...free, items })));
  const side = (index: 0 | 1): FreeSlots[] =>
    parts.map((pair) => pair[index]!).filter(({ items }) => items.length > 0);
  return [side(0), side(1)];
}

function groupsOf(items: readonly number[], laneOf: (item: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const item of items) {
    const lane = laneOf(item);
    const group = groups.get(lane);
    if (group) group.push(item);
    else groups.set(lane, [item]);
  }
  return groups;
}
