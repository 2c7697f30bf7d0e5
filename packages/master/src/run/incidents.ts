import { clip, formatDuration, type Millis } from '@drumline/model';
import type { LaneIncident, RunEventView } from '@drumline/wire';
import type { Dispatch } from '../allocation/dispatch.js';
import { startsAtRisk } from './exposure.js';
import type { Losses } from './losses.js';
import type { RunClock } from './run-clock.js';
import type { NoteCollector } from './note-collector.js';
import { laneName, type Participant } from '../allocation/participant.js';

/** The stalls of a lane during the run. */
interface StallRecord {
  times: number;
  longestMs: number;
  stack: string | undefined;
}

/**
 * Maximum age of the uncounted results of a lane. It reports four times a second, but may be late
 * on a busy machine.
 */
const LANE_LAG_MS: Millis = 1_000;

/** What an incident states about missing counts. */
type LostCounts = Pick<LaneIncident, 'uncountedMs' | 'reachedMs' | 'users'>;

/** Maximum length of a reason and of a stack in an event, characters. */
const MAX_LENGTH = 8_192;

/** The parts of a run that incidents affect. */
interface IncidentRun {
  readonly notes: NoteCollector;
  readonly losses: Losses;
  readonly started:
    | {
        readonly clock: Pick<RunClock, 'elapsedMs' | 'runMs' | 'runMsAt' | 'paused'>;
        readonly dispatch: Pick<Dispatch, 'usersOn' | 'usersOnLane' | 'starts' | 'knowsPause' | 'hasRate'>;
      }
    | undefined;
}

/** Turns lane incidents into events, notes and losses. */
export class Incidents {
  private readonly stalls = new Map<string, StallRecord>();
  private readonly starved = new Map<string, StallRecord>();

  private readonly notes: NoteCollector;
  private readonly losses: Losses;

  constructor(
    private readonly run: IncidentRun,
    private readonly emit: (event: RunEventView) => void,
  ) {
    this.notes = run.notes;
    this.losses = run.losses;
  }

  /** Handles an incident. @returns whether the set of lanes that can run users has changed */
  take(worker: Participant, incident: LaneIncident): boolean {
    const { lane, kind, reason, stack } = incident;
    const shown = { reason: clip(reason, MAX_LENGTH), stack: stack && clip(stack, MAX_LENGTH) };
    this.emit({ type: 'lane', worker: worker.id, lane, kind, ...shown });
    const before = worker.brokenLanes.size;
    if (kind === 'crashed' || kind === 'gaveUp' || kind === 'stalled') worker.brokenLanes.add(lane);
    else if (kind !== 'starved') worker.brokenLanes.delete(lane);
    if (worker.tookPart) this.note(worker, incident);
    return worker.brokenLanes.size !== before;
  }

  /**
   * Restores lanes that heartbeats report as running again. @returns whether the set of lanes that
   * can run users has changed
   */
  restoreLanes(worker: Participant): boolean {
    let healed = false;
    for (const { lane, state } of worker.health?.lanes ?? []) {
      if (state === 'running' && worker.brokenLanes.delete(lane)) healed = true;
    }
    return healed;
  }

  /** Records a lane that was killed because it did not answer at the end of the run. */
  killed(worker: Participant, lane: number): void {
    if (!worker.tookPart) return;
    const reason = 'it did not respond at the end of the run and was killed';
    this.notes.add(
      'reports-missing',
      `Lane ${laneName(worker, lane)} did not respond at the end of the run and was killed. Its results since its last report are missing.`,
    );
    this.loseLane(worker, lane, reason, false);
  }

  private note(worker: Participant, incident: LaneIncident): void {
    const { lane, kind } = incident;
    if (kind === 'crashed' || kind === 'gaveUp') this.noteCrash(worker, incident);
    if (kind === 'starved' || incident.starved === true) this.noteStarved(worker, incident);
    else if (kind === 'stalled' || kind === 'recovered') this.noteStall(worker, incident);
    if (kind === 'ready') this.losses.laneReturned(worker, lane);
  }

  private noteCrash(worker: Participant, incident: LaneIncident): void {
    const { lane, kind, reason, stack, countsComplete } = incident;
    const where = `Lane ${laneName(worker, lane)}`;
    if (kind === 'gaveUp') return this.notes.add('lane-crashed', `${where}: ${reason}.`);
    this.loseLane(worker, lane, reason, countsComplete === true, incident);
    const counts =
      countsComplete === true
        ? 'All its results are in the report.'
        : 'Its results since its last report, about one second earlier at most, are missing.';
    this.notes.add(
      'lane-crashed',
      `${where} crashed: ${reason}. Other lanes run its users until it is back. ${counts}${indent(stack)}`,
    );
    if (countsComplete !== true) {
      this.notes.add(
        'reports-missing',
        `The last second of lane ${laneName(worker, lane)} before its crash is not counted.`,
      );
    }
  }

  private loseLane(
    worker: Participant,
    lane: number,
    reason: string,
    countsComplete: boolean,
    { uncountedMs, reachedMs = Infinity, users = 0 }: LostCounts = {},
  ): void {
    const { started } = this.run;
    if (!started) return;
    const { clock, dispatch } = started;
    const health = worker.health?.lanes.find((one) => one.lane === lane);
    const { elapsedMs } = clock;
    const unknownMs = uncountedMs ?? (health?.stalledMs ?? 0) + LANE_LAG_MS;
    const sinceMs = Math.max(0, elapsedMs - unknownMs);
    // The users of a lane that is stopping finish their task. Orders with fewer users may not have
    // reached it.
    const removed = Math.max(0, worker.mostPlacedSince(sinceMs) - dispatch.usersOn(worker, clock.runMs));
    const placed = dispatch.usersOnLane(worker, lane) + removed;
    // A lane that had stopped its users has started nothing since.
    const reached = Math.min(reachedMs, clock.runMs);
    const startsMs = Math.max(unknownMs, clock.runMs - reached);
    const startsSinceMs = Math.max(0, elapsedMs - startsMs);
    // The news may be older than a master that has resumed the run.
    const known = dispatch.starts.beforeCrash(worker, lane, startsMs);
    const unknown = countsComplete
      ? 0
      : Math.max(known, startsAtRisk(started, worker, startsSinceMs, elapsedMs, lane));
    this.losses.laneLost(worker, lane, elapsedMs, reason, {
      countsComplete,
      uncountedMs: unknownMs,
      users: Math.max(health?.users ?? 0, placed, users),
      hasRate: dispatch.hasRate,
      starts: unknown + dispatch.starts.cutOff(worker, lane, reached),
    });
  }

  /** Notes a lane without enough CPU time. Its users continue, but late. */
  private noteStarved(worker: Participant, incident: LaneIncident): void {
    const name = laneName(worker, incident.lane);
    const { longestMs, howOften } = recordStall(this.starved, name, incident);
    this.notes.add(
      'lane-busy',
      `Lane ${name} did not respond for ${formatDuration(longestMs)}${howOften}: it was overloaded or got too little CPU. Its users stayed, so response times from then include the delay. Spread the load over more lanes or workers, or start users more slowly (--spawn-rate).`,
      `starved ${name}`,
    );
  }

  private noteStall(worker: Participant, incident: LaneIncident): void {
    const name = laneName(worker, incident.lane);
    const record = recordStall(this.stalls, name, incident);
    const cause =
      record.stack === undefined
        ? 'its process did not run, or the scenario code blocked its event loop'
        : 'the scenario code blocked its event loop';
    this.notes.add(
      'lane-stalled',
      `Lane ${name} was blocked for ${formatDuration(record.longestMs)}${record.howOften}: ${cause}. Do not trust response times from that time.${indent(record.stack)}`,
      `stall ${name}`,
    );
  }
}

/**
 * Adds a stall to the record of its lane.
 * @returns the record, and how often it happened as part of a sentence
 */
function recordStall(
  records: Map<string, StallRecord>,
  lane: string,
  { kind, stalledMs = 0, stack }: LaneIncident,
): StallRecord & { howOften: string } {
  const record = records.get(lane) ?? { times: 0, longestMs: 0, stack: undefined };
  records.set(lane, record);
  if (kind === 'recovered') record.times += 1;
  if (stalledMs > record.longestMs) {
    record.longestMs = stalledMs;
    record.stack = stack ?? record.stack;
  }
  const still = kind === 'recovered' ? '' : ' so far';
  return { ...record, howOften: `${still}${record.times > 1 ? `, ${record.times} times` : ''}` };
}

function indent(stack: string | undefined): string {
  return stack === undefined ? '' : `\n${stack}`;
}
