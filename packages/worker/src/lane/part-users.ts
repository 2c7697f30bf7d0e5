import {
  rampAndHold,
  RETIRED_USERS,
  userIndexOf,
  type LoadPart,
  type Millis,
  type Retirement,
} from '@drumline/model';
import type { Recorder, ScheduleEvent } from '@drumline/stats';
import { LaneContext, type ContextSink } from './context.js';
import { ItemTypes } from './load/item-types.js';
import type { GivenMember, Iteration, IterationSource, PartHost } from './load/member.js';
import { phaseOf } from './pace.js';
import type { ClosedNumbers, Numbering } from './closed-numbers.js';
import type { LaneHost, LoadedType, UserHost } from './user-host.js';
import { UserSession } from './user-session.js';

/** What the users of all parts share. */
export interface PartLane extends LaneHost {
  readonly recorder: Recorder;
  readonly sink: ContextSink;
  readonly closedNumbers: ClosedNumbers;
  /** Start of the run; undefined before it is known. */
  readonly startAtMs: Millis | undefined;
  /** @param type index into the user types of the plan */
  loadedType(type: number): LoadedType;
}

/** Makes the users of one part of the load. */
export class PartUsers implements PartHost, UserHost, Numbering {
  /** By user type. Users of one type share the object, so that drivers find it fast. */
  private readonly tags = new Map<LoadedType, Readonly<Record<string, string>>>();

  constructor(
    readonly lane: PartLane,
    private readonly index: number,
    private readonly parts: number,
    private readonly part: LoadPart,
    private readonly types: ItemTypes,
  ) {}

  /** The users of one type in a closed loop. */
  static alone(lane: PartLane, type: number): PartUsers {
    const part: LoadPart = {
      phase: '',
      types: [0],
      startMs: 0,
      workload: { kind: 'users', profile: rampAndHold(1) },
    };
    const name = lane.loadedType(type).type.name;
    return new PartUsers(lane, 0, 1, part, new ItemTypes(part, [{ name, weight: 1 }]));
  }

  spawn(item: number, type: number, source?: IterationSource, first?: Iteration): GivenMember {
    return this.open(this.lane.loadedType(type), item, source, first);
  }

  open(loaded: LoadedType, item: number, source?: IterationSource, first?: Iteration): UserSession {
    return new UserSession(this, loaded, item, source, first);
  }

  count(event: ScheduleEvent, type: number, times = 1, atMs = this.lane.now()): void {
    const { lane, part } = this;
    const user = lane.loadedType(type).type.name;
    lane.recorder.schedule(event, user, part.phase, atMs, times);
  }

  retired(why: Retirement): void {
    // Other users arrive, or take over the iterations.
    if (why === 'stopped' && this.part.workload.kind !== 'users') return;
    this.lane.recorder.counter(RETIRED_USERS[why], 1, this.lane.now());
  }

  makeContext(loaded: LoadedType, item: number): LaneContext {
    const { type, drivers, openRows } = loaded;
    const index = userIndexOf(this.index, item, this.parts);
    const owner = { index, type: type.name, tags: this.tagsOf(loaded), openRows, numbering: this };
    const context = new LaneContext(owner, this.lane.sink, drivers);
    if (this.isClosed) context.iterationCount = this.lane.closedNumbers.countSeen(index);
    return context;
  }

  ordinalOf(user: number): number {
    return this.types.ordinalOf(this.itemOf(user));
  }

  numberOf(user: number, count: number): number {
    if (!this.isClosed) return count;
    return this.lane.closedNumbers.numberOf(user, count, this.index, this.itemOf(user), this.parts);
  }

  private get isClosed(): boolean {
    return this.part.workload.kind === 'users';
  }

  /** The number of a user in this part. */
  private itemOf(user: number): number {
    return (user - this.index) / this.parts;
  }

  placeMs(item: number, periodMs: Millis): Millis {
    return (this.lane.startAtMs ?? 0) + phaseOf(this.types.ordinalOf(item)) * periodMs;
  }

  private tagsOf(loaded: LoadedType): Readonly<Record<string, string>> {
    const { phase } = this.part;
    if (phase === '') return loaded.tags;
    let tags = this.tags.get(loaded);
    if (!tags) this.tags.set(loaded, (tags = { ...loaded.tags, phase }));
    return tags;
  }
}
