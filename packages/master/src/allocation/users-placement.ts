import {
  countBelow,
  decodeUsers,
  encodeUsers,
  itemTypes,
  mostPlannedUsersOf,
  placingBeside,
  plannedUsersOf,
  type LoadPart,
  type Millis,
  type Placement,
  type Plan,
  type Steps,
} from '@drumline/model';
import type { PartShare, PlacedPart, PlacementOrder, StoredShare } from './placed-part.js';

const NO_SHARES: readonly PartShare[] = [{ items: new Uint8Array(0) }];

/**
 * Records which users of a closed part are on which lane. A user that moves stops on one lane and
 * starts on another.
 */
export class UsersPlacement implements PlacedPart {
  stored: readonly StoredShare[] = [];
  private placement: Placement = new Map();
  /** Each lane's users, in the encoding that is sent and stored. */
  private encoded = new Map<string, { readonly users: readonly number[]; readonly shares: PartShare[] }>();
  /** The user type of each user. */
  private types: Uint16Array;

  constructor(
    private current: LoadPart,
    private readonly plan: Pick<Plan, 'userTypes'>,
  ) {
    this.types = itemTypes(current, plan.userTypes);
  }

  change(part: LoadPart): void {
    this.current = part;
    this.types = itemTypes(part, this.plan.userTypes, this.types.length);
  }

  restore(shares: readonly StoredShare[]): void {
    this.placement = new Map(
      shares.map(({ lane = '', items }) => [lane, decodeUsers(Buffer.from(items, 'base64'))]),
    );
    for (const _ of this.encoding());
  }

  has(lane: string): boolean {
    return this.placement.has(lane);
  }

  /** The users that the part plans at a time of the run. Fixed counts may allow fewer. */
  plannedUsers(runMs: Millis): number {
    return Math.min(plannedUsersOf(this.current, runMs), this.types.length);
  }

  mostPlannedUsers(fromMs: Millis, toMs: Millis): number {
    return Math.min(mostPlannedUsersOf(this.current, fromMs, toMs), this.types.length);
  }

  usersOn(lane: string, first: number): number {
    return countBelow(this.placement.get(lane) ?? [], first);
  }

  countTypes(first: number, wanted: (type: number) => boolean): number {
    return this.types.subarray(0, first).filter(wanted).length;
  }

  sharesOf(lane: string): readonly PartShare[] {
    return this.encoded.get(lane)?.shares ?? NO_SHARES;
  }

  *placing({ lanes, keeping }: PlacementOrder): Steps<(lane: string) => boolean> {
    const groups = this.plan.userTypes.map(({ laneGroup }) => laneGroup);
    const before = this.placement;
    const placement = yield* placingBeside(keeping, before, this.types, groups, lanes);
    this.placement = placement;
    yield* this.encoding();
    return (lane) => before.get(lane) !== placement.get(lane);
  }

  startsOn(): number {
    return 0;
  }

  startsOverdue(): number {
    return 0;
  }

  startsUnknownTo(): number {
    return 0;
  }

  startsBeforeCrash(): number {
    return 0;
  }

  cutOff(): number {
    return 0;
  }

  lose(): void {}

  takeSkipped(): readonly [] {
    return [];
  }

  handOver(): boolean {
    return false;
  }

  busyUntilMs(): Millis {
    return -Infinity;
  }

  /** Encodes the lists that have changed. */
  private *encoding(): Steps<void> {
    const encoded: typeof this.encoded = new Map();
    const stored: StoredShare[] = [];
    for (const [lane, users] of this.placement) {
      const before = this.encoded.get(lane);
      const entry = before?.users === users ? before : { users, shares: [{ items: encodeUsers(users) }] };
      encoded.set(lane, entry);
      stored.push({ lane, items: Buffer.from(entry.shares[0]!.items).toString('base64') });
      yield;
    }
    this.encoded = encoded;
    this.stored = stored;
  }
}
