import {
  countBelow,
  decodeUsers,
  encodeUsers,
  itemTypes,
  placingInGroups,
  plannedUsersOf,
  type GroupLane,
  type LoadPart,
  type Millis,
  type Placement,
  type Plan,
  type Steps,
} from '@drumline/model';

const NO_ITEMS = new Uint8Array(0);

/** Records which items of a part of the load are on which lane. */
export class PartPlacement {
  private placement: Placement = new Map();
  /** Each lane's items, in the encoding that is sent and stored. */
  private encoded = new Map<string, { readonly items: readonly number[]; readonly bytes: Uint8Array }>();
  /** The user type of each item. */
  private types: Uint16Array;

  constructor(
    private current: LoadPart,
    private readonly plan: Pick<Plan, 'userTypes'>,
  ) {
    this.types = itemTypes(current, plan.userTypes);
  }

  get part(): LoadPart {
    return this.current;
  }

  /** Replaces the part by a changed one. Items are only added. */
  change(part: LoadPart): void {
    this.current = part;
    this.types = itemTypes(part, this.plan.userTypes, this.types.length);
  }

  /** Restores the placement of another master. */
  restore(lanes: readonly (readonly [lane: string, items: string])[]): void {
    this.placement = new Map(lanes.map(([lane, items]) => [lane, decodeUsers(Buffer.from(items, 'base64'))]));
    for (const _ of this.encoding());
  }

  /** The lanes with their items in base64. */
  get shares(): (readonly [lane: string, items: string])[] {
    return [...this.encoded].map(([lane, { bytes }]) => [lane, Buffer.from(bytes).toString('base64')]);
  }

  has(lane: string): boolean {
    return this.placement.has(lane);
  }

  /** The users that the part plans at a time of the run. Fixed counts may allow fewer. */
  plannedUsers(runMs: Millis): number {
    return Math.min(plannedUsersOf(this.current, runMs), this.types.length);
  }

  /** How many of the first items are on a lane. */
  itemsOn(lane: string, first: number): number {
    return countBelow(this.placement.get(lane) ?? [], first);
  }

  /** How many of the first items have a user type for which `wanted` is true. */
  countTypes(first: number, wanted: (type: number) => boolean): number {
    return this.types.subarray(0, first).filter(wanted).length;
  }

  /** The encoded items of a lane. */
  bytesOf(lane: string): Uint8Array {
    return this.encoded.get(lane)?.bytes ?? NO_ITEMS;
  }

  /**
   * Places the items on lanes, each within its lane group. Moves as few as possible.
   * @returns whether the items of a lane have changed
   */
  *placing(lanes: readonly GroupLane[]): Steps<(lane: string) => boolean> {
    const groups = this.plan.userTypes.map(({ laneGroup }) => laneGroup);
    const before = this.placement;
    const placement = yield* placingInGroups(before, this.types, groups, lanes);
    this.placement = placement;
    yield* this.encoding();
    return (lane) => before.get(lane) !== placement.get(lane);
  }

  /** Encodes the lists that have changed. */
  private *encoding(): Steps<void> {
    const encoded: typeof this.encoded = new Map();
    for (const [lane, items] of this.placement) {
      const before = this.encoded.get(lane);
      encoded.set(lane, before?.items === items ? before : { items, bytes: encodeUsers(items) });
      yield;
    }
    this.encoded = encoded;
  }
}
