import {
  isOpen,
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
import type { Position } from '@drumline/wire';
import { ConfirmedGrants } from './confirmed-grants.js';
import { epochOfGrant } from './grant-ids.js';
import type { PartShare, PlacedPart, PlacementOrder, SkippedStarts, StoredShare } from './placed-part.js';
import { KnownStarts } from './known-starts.js';
import { SlotShares, storedSlots } from './slot-shares.js';
import { SlotStarts } from './slot-starts.js';
import { SlotGrants, type Grant, type Handover } from './slot-grants.js';

/** A grant in the encoding that is sent, and whether the lane has answered its release. */
interface SentGrant {
  readonly grant: Grant;
  readonly share: PartShare;
  readonly ending: boolean;
}

const NONE: readonly SentGrant[] = [];

/** More grants of lost lanes are forgotten. */
const MOST_LOST = 10_000;

/** A lane that can be reached knows its grants after at most this time. */
const HEARD_WITHIN_MS: Millis = 2_000;
/** A lane may report once more what it did before it knew a grant. */
const CONFIRM_MS: Millis = 500;

/** Records which lane deals with the slots of a part that starts iterations, see `SlotGrants`. */
export class SlotsPlacement implements PlacedPart {
  stored: readonly StoredShare[] = [];
  private slots: SlotGrants;
  /** Where the slots are, or will be when they are handed over. */
  private target: Placement = new Map();
  /** The user type of each slot. */
  private types: Uint16Array;
  /** What the lanes are told: the grants at the end of the last placement. */
  private sent: ReadonlyMap<string, readonly SentGrant[]> = new Map();
  /** How far lanes are, by their last reports. Only for a fixed number of iterations. */
  private readonly reached = new Map<string, Pick<Position, 'position' | 'active'>>();
  private readonly confirmed = new ConfirmedGrants();
  private readonly starts: KnownStarts;
  /** What lanes had when they were lost, up to where others went on. */
  private lost: readonly Grant[] = [];
  /** Starts that no lane was there for, by the index of their user type. */
  private readonly skipped = new Map<number, number>();
  private readonly shares = new SlotShares();

  constructor(
    private current: LoadPart,
    private readonly plan: Pick<Plan, 'userTypes' | 'tables'>,
  ) {
    this.types = itemTypes(current, plan.userTypes);
    this.slots = SlotGrants.ofAll(this.types.length, this.isTimed);
    this.starts = new KnownStarts(new SlotStarts(current, plan));
    this.send();
  }

  change(part: LoadPart, runMs: Millis, epoch: number): void {
    const before = this.types.length;
    this.current = part;
    this.starts.change(new SlotStarts(part, this.plan), runMs, epoch);
    this.types = itemTypes(part, this.plan.userTypes, before);
    const added = Array.from({ length: this.types.length - before }, (_, index) => before + index);
    const from = this.isTimed ? runMs : 0;
    this.slots.extend(from, added);
    // Another master must know of them, even if nobody has placed them yet.
    if (added.length > 0) this.stored = [...this.stored, this.shares.free({ from, items: added })];
  }

  restore(shares: readonly StoredShare[]): void {
    const { grants, free, ending, past } = storedSlots(shares);
    this.slots = new SlotGrants(this.isTimed, grants, free, ending, past);
    if (this.isTimed)
      for (const { id, givenMs = 0 } of [...grants, ...past])
        this.confirmed.assume(id, givenMs + HEARD_WITHIN_MS);
    this.target = this.slots.placement;
    this.send();
  }

  has(lane: string): boolean {
    return this.slots.has(lane);
  }

  plannedUsers(runMs: Millis): number {
    return plannedUsersOf(this.current, runMs);
  }

  mostPlannedUsers(fromMs: Millis, toMs: Millis): number {
    return mostPlannedUsersOf(this.current, fromMs, toMs);
  }

  usersOn(lane: string, first: number): number {
    if (this.isTimed || first === 0) return 0;
    return this.slots.grants.reduce((sum, grant) => sum + (grant.lane === lane ? grant.items.length : 0), 0);
  }

  countTypes(first: number, wanted: (type: number) => boolean): number {
    return this.isTimed ? 0 : this.types.subarray(0, first).filter(wanted).length;
  }

  sharesOf(lane: string): readonly PartShare[] {
    return (this.sent.get(lane) ?? NONE).map(({ share }) => share);
  }

  *placing(order: PlacementOrder): Steps<(lane: string) => boolean> {
    const { lanes, keeping, leaving, isGone, runMs, switchAtMs, nextId } = order;
    const groups = this.plan.userTypes.map(({ laneGroup }) => laneGroup);
    const target = yield* placingBeside(keeping, this.target, this.types, groups, lanes);
    // No step in between, because lanes may answer meanwhile.
    this.target = target;
    this.lose(isGone, runMs);
    this.skipUnserved(runMs);
    this.slots.change({ target, leaving, nowMs: runMs, switchAtMs, nextId });
    const before = this.sent;
    this.send();
    const { grants, past } = this.slots;
    this.confirmed.keep([...grants, ...past, ...this.lost].map(({ id }) => id));
    return (lane) => !areSame(before.get(lane) ?? NONE, this.sent.get(lane) ?? NONE);
  }

  startsOn(lane: string, fromMs: Millis, toMs: Millis, epoch: number): number {
    if (!this.isTimed) return 0;
    return this.starts.atMost(this.everOf(lane), fromMs, toMs, epoch);
  }

  startsOverdue(lane: string, atMs: Millis, epoch: number): number {
    if (!this.isTimed) return 0;
    const late = this.everOf(lane).filter(({ id }) => this.confirmed.sinceMsOf(id) > atMs);
    return this.starts.atMost(late, 0, atMs, epoch);
  }

  startsUnknownTo(lane: string, epoch: number, toMs: Millis): number {
    if (!this.isTimed) return 0;
    const { grants } = this.slots;
    const unknown = grants.filter(({ id, lane: own }) => own === lane && epochOfGrant(id) > epoch);
    return this.starts.now.atMost(unknown, 0, toMs);
  }

  startsBeforeCrash(lane: string, uncountedMs: Millis): number {
    const ended = this.slots.takeCrashed(lane);
    const counts = ended.map((grant) =>
      this.starts.atMost([grant], grant.untilMs! - uncountedMs, grant.untilMs!),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  cutOff(lane: string, runMs: Millis): number {
    const cut = this.slots.cutOff(lane, runMs);
    return cut.length === 0 ? 0 : this.starts.atMost(cut, runMs, Infinity);
  }

  lose(isGone: (lane: string) => boolean, runMs: Millis): void {
    const position = (grant: Grant): number => this.positionAfterLoss(grant, runMs);
    const lost = this.slots.takeFrom(isGone, position);
    if (!this.isTimed || lost.length === 0) return;
    // Another master only knows what the loss states.
    this.lost = [...this.lost, ...lost.map((grant) => ({ ...grant, untilMs: position(grant) }))].slice(
      -MOST_LOST,
    );
  }

  takeSkipped(runMs: Millis, isOver: boolean): readonly SkippedStarts[] {
    if (isOver) this.slots.giveUp();
    this.skipUnserved(runMs);
    this.storeUnserved();
    const { phase } = this.current;
    const taken = [...this.skipped].map(([type, count]) => ({
      user: this.plan.userTypes[type]!.name,
      phase,
      count,
    }));
    this.skipped.clear();
    return taken;
  }

  handOver(answer: Handover): boolean {
    return this.slots.handOver(answer);
  }

  /** A lane reports how far it is. @param epoch of the orders that its worker has */
  hear(
    lane: string,
    { position, active }: Pick<Position, 'position' | 'active'>,
    epoch: number,
    runMs: Millis,
  ): void {
    const ids = (this.sent.get(lane) ?? NONE).map(({ grant }) => grant.id);
    this.confirmed.hear(ids, epoch, runMs);
    if (this.isTimed) return;
    this.reached.set(lane, { position, active });
  }

  /** Whether all iterations of a part with a fixed number of them have ended. */
  hasRunAll(runMs: Millis): boolean {
    const { workload } = this.current;
    const { grants, free } = this.slots;
    if (workload.kind !== 'fixed' || free.length > 0 || grants.length === 0) return false;
    // What is being handed over has not been done by anybody.
    if (grants.some(({ untilMs }) => untilMs !== undefined)) return false;
    return grants.every(({ id, lane }) => {
      const reached = this.reached.get(lane);
      const sinceMs = this.confirmed.sinceMsOf(id);
      return (
        reached && reached.position >= workload.total && reached.active === 0 && runMs - sinceMs >= CONFIRM_MS
      );
    });
  }

  busyUntilMs(lane: string): Millis {
    if (this.slots.grants.some((grant) => grant.lane === lane)) return Infinity;
    const own = this.slots.ending.filter((grant) => grant.lane === lane);
    return own.reduce((latest, { untilMs }) => Math.max(latest, untilMs!), -Infinity);
  }

  /** The grants that a lane has, and those that it had. */
  private everOf(lane: string): Grant[] {
    const isOwn = (grant: Grant): boolean => grant.lane === lane;
    const { grants, past } = this.slots;
    // Nobody else has slots before their lane has handed them over.
    const held = grants.filter(isOwn).map((grant) => ({ ...grant, untilMs: Infinity }));
    return [...held, ...past.filter(isOwn), ...this.lost.filter(isOwn)];
  }

  /** What is due on slots without a lane is skipped. */
  private skipUnserved(runMs: Millis): void {
    if (!this.isTimed) return;
    for (const { items, from } of this.slots.skipUnserved(runMs))
      for (const [type, count] of this.starts.now.byType(items, from, runMs))
        this.skipped.set(type, (this.skipped.get(type) ?? 0) + count);
  }

  /** Another master must not skip the same starts again. */
  private storeUnserved(): void {
    if (this.skipped.size === 0) return;
    const unserved = this.slots.free.filter((free) => free.unserved).map((free) => this.shares.free(free));
    this.stored = [...this.stored.filter((share) => !share.unserved), ...unserved];
  }

  /** Where others go on with slots of a lane that is gone. */
  private positionAfterLoss({ id, lane, from }: Grant, runMs: Millis): number {
    if (this.isTimed) return Math.max(from, runMs);
    return this.confirmed.has(id) ? Math.max(from, this.reached.get(lane)?.position ?? 0) : from;
  }

  /** Whether the part has due times, and not only a number of iterations. */
  private get isTimed(): boolean {
    return isOpen(this.current.workload);
  }

  /** Takes the present grants as what the lanes are told. */
  private send(): void {
    const sent = new Map<string, SentGrant[]>();
    const { grants, ending, past, free } = this.slots;
    const add = (grant: Grant, ending: boolean): void => {
      const own = sent.get(grant.lane) ?? [];
      sent.set(grant.lane, own);
      own.push({ grant, share: this.shares.sent(grant), ending });
    };
    for (const grant of grants) add(grant, false);
    for (const grant of ending) add(grant, true);
    this.sent = sent;
    this.stored = [
      ...[...sent.values()]
        .flat()
        .map(({ grant, ending }) => ({ ...this.shares.grant(grant), ...(ending && { ending }) })),
      ...past
        .filter((grant) => !ending.includes(grant))
        .map((grant) => ({ ...this.shares.grant(grant), past: true })),
      ...free.map((one) => this.shares.free(one)),
    ];
  }
}

function areSame(one: readonly SentGrant[], other: readonly SentGrant[]): boolean {
  return one.length === other.length && one.every(({ grant }, index) => grant === other[index]!.grant);
}
