import {
  DEFAULT_LANE_GROUP,
  isGrouped,
  StateMachine,
  WORKER_STATES,
  type Millis,
  type RefusalKind,
  type WorkerEvent,
  type WorkerState,
} from '@drumline/model';
import {
  PROTOCOL_VERSION,
  type Heartbeat,
  type Hello,
  type MasterMessage,
  type Refused,
  type Welcome,
} from '@drumline/wire';
import { isPresent, WorkerList } from './worker-list.js';
import { Pace } from '../run/pace.js';
import type { StoredWorker } from '../store/run-store.js';

/** What the master knows about a worker. */
export interface WorkerRecord {
  readonly id: string;
  /** The address of its messages. */
  readonly peer: string;
  readonly hello: Hello;
  readonly machine: StateMachine<WorkerState, WorkerEvent>;
  /** When it last sent anything. */
  lastSeenMs: Millis;
  /** When its last heartbeat arrived. */
  beatMs: Millis;
  /** The longest time between two heartbeats, as received. */
  longestHeartbeatGapMs: number;
  health: Heartbeat | undefined;
  /** The lane group of each lane. Until the plan is known, those that the worker reported. */
  laneGroups: readonly string[];
  /** Lanes that cannot run users because they crashed or are blocked. */
  readonly brokenLanes: Set<number>;
  /** Sequence number of its last merged report. */
  mergedSeq: number;
  requests: number;
  /** Whether users were ever placed on it. */
  hadUsers: boolean;
  readonly pace: Pace;
  /** The busiest second of each lane and of the control process, as fractions of one CPU. */
  readonly peakLaneCpu: number[];
  peakControlCpu: number;
  peakMemoryBytes: number;
  /** Another peer that claims this name. Rejected once the current holder sends anything. */
  claimant?: { peer: string; isRejected: boolean };
}

/** Natural order: `w2` before `w10`. A collator is 100 times faster than `localeCompare`. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return IDS.compare(a.id, b.id);
}

const IDS = new Intl.Collator('en', { numeric: true });

/** A lane for display: `w1/0`, or `w1/0 (grpc)` if there are lane groups. */
export function laneName({ id, laneGroups }: WorkerRecord, lane: number): string {
  return isGrouped(laneGroups) ? `${id}/${lane} (${laneGroups[lane]})` : `${id}/${lane}`;
}

export interface RegistryEvents {
  joined(worker: WorkerRecord): void;
  /** It was missing and has sent something again. */
  returned(worker: WorkerRecord): void;
  lost(worker: WorkerRecord, silentMs: Millis): void;
  /** A peer was rejected. */
  refused(kind: RefusalKind, why: string): void;
}

const GOODBYE_WITHIN_MS = 2_000;
/** How often the master checks for silent workers. */
const CHECK_EVERY_MS = 100;

/** Keeps track of all workers and their liveness. */
export class Registry {
  refused = 0;
  private readonly list = new WorkerList();
  private readonly timer: NodeJS.Timeout;
  private lastLookMs: Millis;

  constructor(
    private readonly events: RegistryEvents,
    private readonly send: (peer: string, message: MasterMessage) => void,
    private readonly now: () => Millis,
    /** How long messages may have waited to be read, milliseconds. */
    private readonly unreadForMs: () => Millis,
    private readonly terms: Pick<Welcome, 'runId' | 'heartbeatMs' | 'missingAfterMs'>,
  ) {
    this.lastLookMs = now();
    // Read messages that have already arrived first.
    this.timer = setInterval(() => setImmediate(() => this.checkLiveness()), CHECK_EVERY_MS);
  }

  /** All workers that ever joined. */
  get workers(): readonly WorkerRecord[] {
    return this.list.workers;
  }

  /** Whether a peer has been welcomed. */
  knows(peer: string): boolean {
    return this.list.ofPeer(peer) !== undefined;
  }

  /** Records a sign of life. @returns the sender; undefined for unknown peers */
  markSeen(peer: string): WorkerRecord | undefined {
    const worker = this.list.ofPeer(peer);
    if (!worker || worker.machine.state === 'left') return undefined;
    worker.lastSeenMs = this.now();
    if (worker.claimant) worker.claimant.isRejected = true;
    if (worker.machine.send('returned')) this.welcome(worker, true);
    return worker;
  }

  /** Records a heartbeat and the health it reports. */
  beat(worker: WorkerRecord, heartbeat: Heartbeat): void {
    const now = this.now();
    this.forgiveStall(now);
    worker.longestHeartbeatGapMs = Math.max(worker.longestHeartbeatGapMs, now - worker.beatMs);
    worker.beatMs = now;
    worker.health = heartbeat;
    worker.peakControlCpu = Math.max(worker.peakControlCpu, heartbeat.cpu);
    let memory = heartbeat.memoryBytes;
    for (const { lane, cpu, memoryBytes } of heartbeat.lanes) {
      worker.peakLaneCpu[lane] = Math.max(worker.peakLaneCpu[lane] ?? 0, cpu);
      memory += memoryBytes;
    }
    worker.peakMemoryBytes = Math.max(worker.peakMemoryBytes, memory);
  }

  /** Welcomes or refuses a peer, or leaves it waiting. Repeats an answer that was lost. */
  greet(peer: string, hello: Hello, over: boolean): void {
    const known = this.list.ofPeer(peer);
    // It left and did not receive the dismissal. Everything it counted is merged.
    if (known?.machine.state === 'left') {
      return this.send(peer, { type: 'dismiss', reason: 'it has already left', runOver: over });
    }
    if (known) {
      this.markSeen(peer);
      return this.sendWelcome(known);
    }
    const holder = this.list.holderOf(hello.name);
    const refusal = reasonToRefuse(peer, hello, over, this.list.whyFull(hello.lanes), holder);
    if (refusal) {
      this.refused += 1;
      this.events.refused(refusal.reason, `${hello.name} from ${hello.host}, because ${refusal.message}`);
      return this.send(peer, refusal);
    }
    // A worker that was restarted in place keeps sending hellos until its predecessor is missing.
    if (holder) return;
    const worker = newWorker(this.list.freeId(hello.name), peer, hello, 'joining', this.now());
    this.list.add(worker);
    this.welcome(worker, false);
  }

  /** Restores the workers of another master. They are missing until they send something. */
  restore(stored: readonly StoredWorker[]): void {
    for (const { id, peer, hello, state, brokenLanes, pace, peakLaneCpu, ...counts } of stored) {
      const worker = newWorker(id, peer, hello, state === 'left' ? 'left' : 'missing', this.now());
      this.list.add(
        Object.assign(worker, counts, {
          brokenLanes: new Set(brokenLanes),
          pace: new Pace(pace),
          peakLaneCpu: [...peakLaneCpu],
        }),
      );
    }
  }

  inState(...states: WorkerState[]): WorkerRecord[] {
    return this.workers.filter(({ machine }) => states.includes(machine.state));
  }

  /** The workers that are not missing and have not left. */
  get present(): WorkerRecord[] {
    return this.workers.filter(isPresent);
  }

  /** Whether every worker has left. Missing workers may come back, so they do not count. */
  get haveAllLeft(): boolean {
    return this.inState('running', 'missing', 'preparing').length === 0;
  }

  /** Dismisses all workers and waits briefly for their goodbyes. */
  async dismissAll(reason: string): Promise<void> {
    for (const { peer } of this.present) this.send(peer, { type: 'dismiss', reason, runOver: true });
    const deadlineMs = this.now() + GOODBYE_WITHIN_MS;
    while (this.present.length > 0 && this.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close(): void {
    clearInterval(this.timer);
  }

  private welcome(worker: WorkerRecord, again: boolean): void {
    worker.machine.send('welcome');
    this.sendWelcome(worker);
    if (again) this.events.returned(worker);
    else this.events.joined(worker);
  }

  private sendWelcome({ peer, id }: WorkerRecord): void {
    this.send(peer, { type: 'welcome', workerId: id, ...this.terms });
  }

  /**
   * Detects silent workers; called ten times a second. A worker is not missing while one of its
   * messages may wait to be read.
   */
  checkLiveness(): void {
    const now = this.now();
    this.forgiveStall(now);
    this.lastLookMs = now;
    this.list.makeRoom();
    const readUpToMs = now - this.unreadForMs();
    for (const worker of this.present) {
      const silentMs = readUpToMs - worker.lastSeenMs;
      if (silentMs > this.terms.missingAfterMs && worker.machine.send('lost'))
        this.events.lost(worker, silentMs);
    }
  }

  /** Subtracts a stall of the master itself from the silence of all workers. */
  private forgiveStall(now: Millis): void {
    const stallMs = now - this.lastLookMs - CHECK_EVERY_MS * 2;
    if (stallMs <= 0) return;
    this.lastLookMs = now;
    for (const worker of this.present) {
      worker.lastSeenMs += stallMs;
      worker.beatMs += stallMs;
    }
  }
}

function reasonToRefuse(
  peer: string,
  hello: Hello,
  over: boolean,
  whyFull: string | undefined,
  holder: WorkerRecord | undefined,
): (Refused & { readonly reason: RefusalKind }) | undefined {
  const type = 'refused';
  if (hello.protocol !== PROTOCOL_VERSION) {
    return {
      type,
      reason: 'protocol',
      message: `it uses version ${hello.protocol} of the protocol (Drumline ${hello.version}), but the master uses version ${PROTOCOL_VERSION}`,
      hint: 'Use the same version of Drumline on the master and on all workers.',
    };
  }
  if (over) {
    return {
      type,
      reason: 'over',
      message: 'the run is over',
      hint: 'Start the master of the next run, then this worker.',
    };
  }
  if (whyFull !== undefined) {
    return {
      type,
      reason: 'full',
      message: whyFull,
      hint: 'Start fewer workers. If you did not start this many, unauthorized peers can reach the worker port.',
    };
  }
  if (!holder || !isKnownAlive(holder, peer)) return undefined;
  const { host, pid } = holder.hello;
  return {
    type,
    reason: 'name',
    message: `a worker named '${hello.name}' is already connected from ${host} (process ${pid})`,
    hint: 'Give each worker a different --name, or omit the option.',
  };
}

/** Whether the holder of a name has sent anything since this peer claimed the name. */
function isKnownAlive(holder: WorkerRecord, peer: string): boolean {
  const { claimant } = holder;
  if (claimant?.peer === peer && claimant.isRejected) {
    delete holder.claimant;
    return true;
  }
  if (claimant === undefined || claimant.isRejected) holder.claimant = { peer, isRejected: false };
  return false;
}

function newWorker(id: string, peer: string, hello: Hello, state: WorkerState, nowMs: Millis): WorkerRecord {
  return {
    id,
    peer,
    hello,
    machine: new StateMachine<WorkerState, WorkerEvent>(WORKER_STATES, state),
    lastSeenMs: nowMs,
    beatMs: nowMs,
    longestHeartbeatGapMs: 0,
    health: undefined,
    laneGroups: Array.from({ length: hello.lanes }, () => DEFAULT_LANE_GROUP),
    brokenLanes: new Set(),
    mergedSeq: 0,
    requests: 0,
    hadUsers: false,
    pace: new Pace(),
    peakLaneCpu: [],
    peakControlCpu: 0,
    peakMemoryBytes: 0,
  };
}
