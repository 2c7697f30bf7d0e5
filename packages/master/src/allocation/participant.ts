import {
  DEFAULT_LANE_GROUP,
  isGrouped,
  PARTICIPANT_STATES,
  StateMachine,
  type MachineLimits,
  type MachineUse,
  type Millis,
  type ParticipantEvent,
  type ParticipantState,
  type WorkerState,
} from '@drumline/model';
import type { Heartbeat, Hello } from '@drumline/wire';
import { isPresent, type Member } from '../cluster/member.js';
import { Pace, type StoredPace } from './pace.js';
import { PlacedUsers, type PlacedCount } from './placed-users.js';
import { ReachedUse } from './reached-use.js';
import { WorkerHistory } from './worker-history.js';

/** A participant as another master needs it to resume the run. */
export interface StoredParticipant {
  readonly peer: string;
  readonly id: string;
  readonly hello: Hello;
  readonly state: WorkerState;
  /** Whether it left the run only, because it could not take part. */
  readonly isExcluded?: boolean;
  /** Absent until the worker is prepared. */
  readonly limits?: MachineLimits;
  readonly laneGroups: readonly string[];
  readonly brokenLanes: readonly number[];
  /** Reports up to this one are in the store. */
  readonly mergedSeq: number;
  readonly requests: number;
  readonly pace: StoredPace;
  readonly placedUsers: readonly PlacedCount[];
  readonly peakLaneCpu: readonly number[];
  readonly peakControlCpu: number;
  readonly peakMemoryBytes: number;
  readonly longestHeartbeatGapMs: Millis;
  readonly reached?: MachineUse;
}

/** A report of a worker, completely in the totals. */
interface CoveredReport {
  readonly seq: number;
  readonly requests: number;
  /** The newest second in it; -1 if it has none. */
  readonly newestSecond: number;
}

/** A worker in one run: its share, its counts and its peaks. */
export class Participant {
  /** The lane group of each lane. Until the plan is known, those that the worker reported. */
  laneGroups: readonly string[];
  /** The limits of its machine when it was prepared; empty before. */
  limits: MachineLimits = {};
  private reachedUse = new ReachedUse();
  /** Lanes that cannot run users because they crashed or are blocked. */
  readonly brokenLanes = new Set<number>();
  /** Requests in its covered reports. */
  requests = 0;
  pace = new Pace();
  /** The users that were recently placed on it. */
  private placedUsers = new PlacedUsers();
  /** The busiest second of each lane and of the control process, as fractions of one CPU. */
  readonly peakLaneCpu: number[] = [];
  peakControlCpu = 0;
  peakMemoryBytes = 0;
  /** The longest time between two heartbeats, as received. */
  longestHeartbeatGapMs: Millis = 0;
  readonly history = new WorkerHistory();
  private readonly machine = new StateMachine<ParticipantState, ParticipantEvent>(PARTICIPANT_STATES, 'idle');
  #mergedSeq = 0;
  #coveredSeq = 0;
  #coveredSecond = -1;
  /** Sequence number of the last report that was acknowledged. */
  ackedSeq = 0;
  #hadUsers = false;
  /**
   * Its last orders, and how far its lanes were then. Without orders, they deal with nothing. The
   * epoch is 0 if it has had none.
   */
  lastOrdered: Required<Pick<Heartbeat, 'epoch' | 'positions'>> = { epoch: 0, positions: [] };
  /** Whether it left the run only, because it could not take part. */
  private isExcluded = false;
  /** Once the run has ended, or the worker was excluded from it: its last state and health. */
  private released: { readonly state: WorkerState; readonly health: Heartbeat | undefined } | undefined;

  constructor(readonly member: Member) {
    this.laneGroups = Array.from({ length: member.hello.lanes }, () => DEFAULT_LANE_GROUP);
  }

  /** Restores the participant of a run that another master began. */
  static restore(member: Member, stored: StoredParticipant): Participant {
    const participant = new Participant(member);
    if (stored.isExcluded === true) participant.exclude();
    participant.runLanes(stored.laneGroups);
    participant.limits = stored.limits ?? {};
    for (const lane of stored.brokenLanes) participant.brokenLanes.add(lane);
    participant.mergedSeq = stored.mergedSeq;
    participant.#coveredSeq = stored.mergedSeq;
    participant.ackedSeq = stored.mergedSeq;
    participant.requests = stored.requests;
    participant.pace = new Pace(stored.pace);
    participant.placedUsers = new PlacedUsers(stored.placedUsers);
    participant.#coveredSecond = participant.pace.newestSecond ?? -1;
    participant.peakLaneCpu.push(...stored.peakLaneCpu);
    participant.peakControlCpu = stored.peakControlCpu;
    participant.peakMemoryBytes = stored.peakMemoryBytes;
    participant.longestHeartbeatGapMs = stored.longestHeartbeatGapMs;
    participant.reachedUse = new ReachedUse(stored.reached);
    return participant;
  }

  get id(): string {
    return this.member.id;
  }

  get peer(): string {
    return this.member.peer;
  }

  get hello(): Hello {
    return this.member.hello;
  }

  /** Its last heartbeat. */
  get health(): Heartbeat | undefined {
    return this.released ? this.released.health : this.member.health;
  }

  /** What it does in the run, or why it does nothing. */
  get state(): WorkerState {
    if (this.released) return this.released.state;
    const { presence } = this.member;
    return presence.state === 'present' ? this.machine.state : presence.state;
  }

  get isPresent(): boolean {
    return !this.released && isPresent(this.member);
  }

  /** Sequence number of its last merged report. */
  get mergedSeq(): number {
    return this.#mergedSeq;
  }

  set mergedSeq(seq: number) {
    this.#mergedSeq = seq;
    this.member.isRecorded ||= seq > 0 && !this.released;
  }

  /**
   * Sequence number of the last report that is completely in the totals, with all before it. Only
   * such reports are stored and acknowledged.
   */
  get coveredSeq(): number {
    return this.#coveredSeq;
  }

  /** A merged report is completely in the totals. */
  cover({ seq, requests, newestSecond }: CoveredReport): void {
    this.#coveredSeq = seq;
    this.#coveredSecond = Math.max(this.#coveredSecond, newestSecond);
    this.requests += requests;
  }

  /** Whether users were ever placed on it. */
  get hadUsers(): boolean {
    return this.#hadUsers;
  }

  set hadUsers(hadUsers: boolean) {
    this.#hadUsers = hadUsers;
    this.member.isRecorded ||= hadUsers && !this.released;
  }

  /**
   * Whether it ever had users or sent a report. If not, its loss leaves nothing out of the report.
   */
  get tookPart(): boolean {
    return this.#hadUsers || this.#mergedSeq > 0;
  }

  /**
   * Records how many users are placed on it from a time on, milliseconds since the start.
   * @returns whether the number has changed
   */
  place(users: number, atMs: Millis): boolean {
    // Another master knows only the reports that are stored.
    const reportedMs = this.#coveredSecond < 0 ? -Infinity : this.#coveredSecond * 1_000;
    return this.placedUsers.add(atMs, users, reportedMs);
  }

  /** Records the most users since the last change. @returns whether the number has changed */
  raisePlaced(users: number): boolean {
    return this.placedUsers.raise(users);
  }

  /**
   * The most users that were placed on it from a time on. Until its first report, those that were
   * placed before the start count, too: newer orders may not have reached it.
   */
  mostPlacedSince(fromMs: Millis): number {
    return this.placedUsers.mostSince(this.pace.newestSecond === undefined ? -Infinity : fromMs);
  }

  /** The users that it last reported; undefined before its first heartbeat. */
  get usersReported(): number | undefined {
    return this.health?.lanes.reduce((sum, { users }) => sum + users, 0);
  }

  /** Its running users, as it last reported them; 0 if it was given none. */
  get users(): number {
    return this.#hadUsers && this.isPresent ? (this.usersReported ?? 0) : 0;
  }

  /** Changes its state. @returns whether it is present and its state accepts the event */
  send(event: Exclude<ParticipantEvent, 'lost'>): boolean {
    return this.isPresent && this.machine.send(event);
  }

  /** The worker is missing. When it returns, it has to be prepared again. */
  lost(): void {
    this.machine.send('lost');
  }

  /** The worker cannot take part in the run. */
  exclude(): void {
    this.isExcluded = true;
    this.release('left');
  }

  /** The worker belongs to the run no longer, and may take part in another one. */
  release(state: WorkerState = this.state): void {
    this.released ??= { state, health: this.health };
  }

  /** Sets the lane group of each of its lanes. */
  runLanes(groups: readonly string[]): void {
    this.laneGroups = groups;
    if (!this.released) this.member.lanes = Math.max(this.hello.lanes, groups.length);
  }

  /** Records the peaks of a heartbeat. @param gapMs time since the previous one */
  beat(heartbeat: Heartbeat, gapMs: Millis): void {
    this.longestHeartbeatGapMs = Math.max(this.longestHeartbeatGapMs, gapMs);
    this.peakControlCpu = Math.max(this.peakControlCpu, heartbeat.cpu);
    let memory = heartbeat.memoryBytes;
    for (const { lane, cpu, memoryBytes } of heartbeat.lanes) {
      this.peakLaneCpu[lane] = Math.max(this.peakLaneCpu[lane] ?? 0, cpu);
      memory += memoryBytes;
    }
    this.peakMemoryBytes = Math.max(this.peakMemoryBytes, memory);
    if (heartbeat.use) this.reachedUse.add(heartbeat.use);
  }

  /** The most that its lanes used of the limits of their machine; undefined if unknown. */
  get reached(): MachineUse | undefined {
    return this.reachedUse.stored;
  }

  /** What another master needs to resume the run. */
  get stored(): StoredParticipant {
    const { peer, id, hello, state, limits, laneGroups, requests, peakLaneCpu } = this;
    const { peakControlCpu, peakMemoryBytes, longestHeartbeatGapMs, reached } = this;
    return {
      peer,
      id,
      hello,
      state,
      ...(this.isExcluded && { isExcluded: true }),
      limits,
      laneGroups,
      brokenLanes: [...this.brokenLanes],
      mergedSeq: this.#coveredSeq,
      requests,
      pace: this.pace.storedThrough(this.#coveredSecond),
      placedUsers: this.placedUsers.stored,
      peakLaneCpu,
      peakControlCpu,
      peakMemoryBytes,
      longestHeartbeatGapMs,
      ...(reached && { reached }),
    };
  }
}

/** A lane for display: `w1/0`, or `w1/0 (grpc)` if there are lane groups. */
export function laneName({ id, laneGroups }: Pick<Participant, 'id' | 'laneGroups'>, lane: number): string {
  return isGrouped(laneGroups) ? `${id}/${lane} (${laneGroups[lane]})` : `${id}/${lane}`;
}
