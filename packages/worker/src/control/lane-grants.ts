import { decodeUsers, encodeUsers, type Millis } from '@drumline/model';
import type { Assignment, Heartbeat } from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { LanePosition, LaneRelease, LaneShare } from '../lane-protocol.js';
import type { LaneProcess } from './lane-process.js';

/** An entry of a message to the master: a lane deals with these items up to a position. */
export type Release = NonNullable<Heartbeat['released']>[number];

type Share = Assignment['lanes'][number]['shares'][number];

/** A lane that works sends a message at least this often. */
const SILENT_WHILE_BUSY_MS: Millis = 250;

/** What is known about a lane that has crashed. */
export interface CrashedLane {
  readonly lane: number;
  /** Time since the start of the run, with pauses; undefined before it. */
  readonly sinceStartMs: Millis | undefined;
  /** The last positions that the lane has reported. */
  readonly positions: readonly LanePosition[];
  /** Whether it did nothing since it reported them. */
  readonly isExact: boolean;
  /** How long it had been silent when it ended, if it was blocked; otherwise 0. */
  readonly stalledMs: Millis;
}

/**
 * @param startAtMs start of the run on the local clock; undefined before it
 * @param isExact whether it did nothing since it reported its positions
 */
export function crashOf(
  { number, vitals: { positions = [] }, stalledMs }: Pick<LaneProcess, 'number' | 'vitals' | 'stalledMs'>,
  startAtMs: Millis | undefined,
  isExact: boolean,
): CrashedLane {
  const sinceStartMs = startAtMs === undefined ? undefined : monotonicMs() - startAtMs;
  return { lane: number, sinceStartMs, positions, isExact, stalledMs };
}

/**
 * The grants of the lanes: which items of open and fixed parts each has, and how far it deals with
 * those that it has released. A lane that has crashed has released all of them.
 */
export class LaneGrants {
  private assignment: Omit<Assignment, 'type' | 'runId' | 'epoch'> = {
    load: { parts: [] },
    lanes: [],
    pausedAtMs: null,
    pausedMs: 0,
  };
  private answers: Release[] = [];
  /** Grants that were sent to the present process of a lane, by lane. */
  private readonly sent = new Map<number, ReadonlySet<number>>();
  /** Grants of lanes that have crashed. */
  private ended = new Set<number>();

  /** Whether the lanes hand everything over, because others go on with it. */
  isLeaving = false;

  /** Sets the newest assignment. Forgets what it does not list. */
  assign(assignment: Assignment): void {
    this.assignment = assignment;
    const listed = new Set(
      assignment.lanes.flatMap(({ shares }) => shares.flatMap(({ grant }) => grant ?? [])),
    );
    this.answers = this.answers.filter(({ grant }) => listed.has(grant));
    this.ended = new Set([...this.ended].filter((grant) => listed.has(grant)));
  }

  /** The items to send to a lane. */
  sharesFor(lane: number): LaneShare[] {
    const refused = this.answers.filter((one) => one.lane === lane && one.crashed);
    const shares = this.sharesOf(lane).filter(
      (share) => share.grant === undefined || (!this.ended.has(share.grant) && !isIn(share, refused)),
    );
    this.sent.set(lane, new Set(shares.flatMap(({ grant }) => grant ?? [])));
    return shares.map((share) => ({
      ...share,
      items: decodeUsers(share.items),
      ...(this.isLeaving && share.grant !== undefined && { untilMs: share.untilMs ?? 0 }),
    }));
  }

  /** Takes the answers of a lane. @returns the entries for the master */
  answered(lane: number, releases: readonly LaneRelease[], crashed = false): Release[] {
    const entries = releases.map(({ items, ...rest }) => ({
      lane,
      ...rest,
      items: encodeUsers(items),
      ...(crashed && { crashed }),
    }));
    this.answers.push(...entries);
    return entries;
  }

  /** The entries that heartbeats repeat. */
  get releases(): Release[] {
    return this.answers;
  }

  /** Answers for a lane that has crashed. @returns the entries for the master */
  crashed(crash: CrashedLane): Release[] {
    const { lane } = crash;
    const sent = this.sent.get(lane) ?? new Set();
    this.sent.delete(lane);
    const releases: LaneRelease[] = [];
    for (const { part, grant, from = 0, items } of this.sharesOf(lane)) {
      if (grant === undefined || !sent.has(grant)) continue;
      const answered = new Set(this.answeredItems(lane, grant));
      const left = decodeUsers(items).filter((item) => !answered.has(item));
      const position = Math.max(from, this.positionAfter(crash, part));
      if (left.length > 0) releases.push({ part, grant, items: left, position });
    }
    for (const grant of sent) this.ended.add(grant);
    return this.answered(lane, releases, true);
  }

  /**
   * Answers for a lane that has no process: it does nothing with what it is told to release, and
   * never gets it.
   * @param isOver whether it gets no process any more, and releases everything
   * @returns the entries for the master
   */
  unserved(lane: number, isOver: boolean): Release[] {
    const releases = this.sharesOf(lane).flatMap(({ part, grant, from = 0, items, untilMs }) => {
      const isReleased = isOver || this.isLeaving || untilMs !== undefined;
      if (grant === undefined || this.ended.has(grant) || !isReleased) return [];
      const answered = new Set(this.answeredItems(lane, grant));
      const left = decodeUsers(items).filter((item) => !answered.has(item));
      return left.length > 0 ? [{ part, grant, items: left, position: from }] : [];
    });
    return this.answered(lane, releases, true);
  }

  /**
   * The run time up to which a crashed lane had dealt with all its starts, by its last report. A
   * lane that had stopped its users has started nothing since. One that has reported nothing may
   * have begun what was due before it had its orders.
   * @returns undefined if it had none
   */
  reachedMs({ lane, positions }: Pick<CrashedLane, 'lane' | 'positions'>): Millis | undefined {
    const { parts } = this.assignment.load;
    const isTimed = (part: number): boolean => {
      const { startMs = null, workload } = parts[part] ?? {};
      return startMs !== null && workload?.kind !== 'fixed';
    };
    const sent = this.sent.get(lane);
    const silent = this.sharesOf(lane).filter(
      ({ part, grant }) =>
        grant !== undefined && sent?.has(grant) === true && !positions.some((one) => one.part === part),
    );
    const reached = [
      ...positions.map(({ part, position }) => ({ part, position })),
      ...silent.map(({ part, from = 0 }) => ({ part, position: from })),
    ].filter(({ part }) => isTimed(part));
    return reached.length === 0 ? undefined : Math.min(...reached.map(({ position }) => position));
  }

  private sharesOf(lane: number): readonly Share[] {
    return this.assignment.lanes.find((one) => one.lane === lane)?.shares ?? [];
  }

  private answeredItems(lane: number, grant: number): number[] {
    return this.answers.flatMap((one) =>
      one.lane === lane && one.grant === grant ? decodeUsers(one.items) : [],
    );
  }

  /** Where others go on with a part. */
  private positionAfter(crash: CrashedLane, part: number): number {
    const { sinceStartMs, positions, isExact, stalledMs } = crash;
    const idleMs = Math.max(0, stalledMs - SILENT_WHILE_BUSY_MS);
    const { load, pausedAtMs, pausedMs } = this.assignment;
    const reported = positions.find((one) => one.part === part)?.position ?? 0;
    if (isExact || sinceStartMs === undefined || load.parts[part]?.workload.kind === 'fixed') return reported;
    return Math.max(pausedAtMs ?? sinceStartMs - pausedMs - idleMs, reported);
  }
}

/** Whether a lane without a process has released this share. */
function isIn({ grant, items }: Share, releases: readonly Release[]): boolean {
  const released = releases.filter((one) => one.grant === grant).flatMap((one) => decodeUsers(one.items));
  const left = new Set(released);
  return left.size > 0 && decodeUsers(items).every((item) => left.has(item));
}
