import type { Run } from '@drumline/master/testing';
import type { PlayedRun } from '../cluster/played-run.js';
import type { SimulatedCluster } from '../simulated-cluster.js';
import type { SimulatedWorker } from '../cluster/worker.js';
import type { World } from '../world/world.js';

/** Interval of the checks. */
const CHECK_EVERY_MS = 500;
/** Time after a fault for the cluster to detect it, place users and restart. */
const SETTLE_MS = 10_000;
/** Time after the grace for users to end. */
const STOP_MS = 3_000;
const MOVE_MS = 5_000;
/** Orders may be lost. They are repeated with each heartbeat. */
const LOSSY_MOVE_MS = 10_000;
/** Time limit for ending at once. A lane that does not respond has a second. */
const QUIT_MS = 2_000;

/** Checks twice a second what must always hold, and collects violations. */
export class Watch {
  readonly violations: string[] = [];
  private readonly highest = new Map<string, number>();
  /** Since when each user of a run has been running twice. */
  private readonly twice = new Map<string, { readonly sinceMs: number; readonly inTransitMs: number }>();
  /** When each run was first seen running. */
  private readonly runningSinceMs = new Map<string, number>();
  /** Since when the master has missed each worker, by its connection. */
  private readonly missingSinceMs = new Map<string, number>();
  /** Since when the present master has been running. */
  private master = { starts: 0, sinceMs: 0 };
  /** The run of each present worker, and since when. */
  private owned = '';
  private ownedSinceMs = 0;
  /** Since when each worker has been unreachable, or stalled while its lanes were not. */
  private readonly cutSinceMs = new Map<SimulatedWorker, number>();

  constructor(
    private readonly world: World,
    private readonly cluster: SimulatedCluster,
  ) {
    const look = (): void => {
      this.look();
      world.at(world.nowMs + CHECK_EVERY_MS, look);
    };
    look();
  }

  private look(): void {
    const { current, runs } = this.cluster.master;
    if (current.length === 0) return;
    this.workersAreInOneRun(current);
    this.noRunWaitsInVain();
    for (const { run } of current) if (run) this.noteMissing(run);
    this.orphansStop();
    this.whoIsToEndAtOnceDoes();
    if (runs.every(isClosed)) {
      this.noUserIsSharedOutTwice();
      this.noUserRunsTwice();
    }
    for (const played of current) this.lookAt(played);
  }

  private lookAt(played: PlayedRun): void {
    const { run } = played;
    if (!run) return;
    this.borrowedRowsComeBack(run);
    this.countsAreNeverTooHigh(run);
    this.numbersNeverGoBack(run, played.ids.size > 1);
    if (!this.hasSettled(run)) return;
    if (isClosed(played)) this.exactlyThePlannedUsersRun(run);
    this.allWorkersTakePart(run);
  }

  /** Notes when the workers of the runs changed last. */
  private workersAreInOneRun(current: readonly PlayedRun[]): void {
    const owners = new Map<string, string>();
    for (const { run } of current)
      for (const { peer, id, isPresent } of run?.participants.all ?? []) {
        if (!isPresent) continue;
        const other = owners.get(peer);
        if (other !== undefined) this.fail(`${id} is in run ${run!.id} and in run ${other}`);
        owners.set(peer, run!.id);
      }
    const owned = [...owners]
      .map((owner) => owner.join(' '))
      .sort()
      .join('\n');
    if (owned !== this.owned) this.ownedSinceMs = this.world.nowMs;
    this.owned = owned;
  }

  private noRunWaitsInVain(): void {
    const { cluster, process, sequences } = this.cluster.master;
    if (sequences.length === 1 || !cluster || !process.alive) return;
    const { idle, waiting } = cluster;
    const [first] = waiting;
    if (!first || first.why === 'no connected worker can take part') return;
    if (idle >= (first.wants === 'all' ? 1 : first.wants))
      this.fail(`run ${first.runId} waits for ${first.wants} workers, and ${idle} are free`);
  }

  private fail(what: string): void {
    this.violations.push(`at ${(this.world.nowMs / 1_000).toFixed(2)} s ${what}`);
  }

  private countsAreNeverTooHigh(run: Run): void {
    const { target } = this.cluster;
    for (const { id, peer, requests } of run.participants.all) {
      const sent = target.requestsOf(peer, run.id);
      if (requests > sent) this.fail(`${requests} requests of ${id} were counted, the target saw ${sent}`);
    }
  }

  private numbersNeverGoBack(run: Run, hasBegunAgain: boolean): void {
    const { master, workers } = this.cluster;
    this.rises(`the epoch of the run ${run.id}`, run.planned?.allocation.dispatch.epoch ?? 0);
    for (const { id, peer, mergedSeq } of run.participants.all) {
      const who = `${id} (${peer}, run ${run.id}, master ${master.starts})`;
      this.rises(`the merged sequence number of ${who}`, mergedSeq);
      const acknowledged = workers.find((worker) => worker.peer === peer)?.acknowledged.get(run.id) ?? 0;
      if (mergedSeq < acknowledged && !hasBegunAgain)
        this.fail(`${id} is acknowledged up to report ${acknowledged}, and merged up to ${mergedSeq}`);
    }
    for (const worker of workers)
      for (const { lane } of worker.liveLanes)
        this.rises(`the epoch of ${lane.process.name} (${worker.peer})`, lane.share.epoch);
  }

  private rises(what: string, now: number): void {
    const before = this.highest.get(what) ?? 0;
    if (now < before) this.fail(`${what} went back from ${before} to ${now}`);
    this.highest.set(what, now);
  }

  private noUserIsSharedOutTwice(): void {
    const owners = new Map<string, string>();
    for (const { lane, runId } of this.liveLanes()) {
      for (const user of lane.share.users) {
        const key = `user ${user} in epoch ${lane.share.epoch} of run ${runId}`;
        const other = owners.get(key);
        if (other !== undefined) this.fail(`${key} is on ${other} and on ${lane.process.name}`);
        owners.set(key, lane.process.name);
      }
    }
  }

  /**
   * With the policy `wait`, users of an unreachable worker must not run elsewhere while they may
   * run there. Users that move between reachable workers may run twice while the orders are in
   * transit.
   */
  private noUserRunsTwice(): void {
    const { schedule, workers } = this.cluster;
    if (schedule.onWorkerLost !== 'wait') return;
    const owners = new Map<string, SimulatedWorker[]>();
    for (const worker of workers.filter(({ alive }) => alive))
      for (const { lane, runId } of worker.liveLanes)
        for (const index of lane.process.frozen ? [] : lane.users) {
          const user = `${index} of run ${runId}`;
          owners.set(user, [...(owners.get(user) ?? []), worker]);
        }
    for (const user of this.twice.keys()) if ((owners.get(user)?.length ?? 0) < 2) this.twice.delete(user);
    for (const [user, on] of owners) if (on.length > 1) this.runsTwice(user, on);
  }

  /**
   * Orders to move a user wait for a worker that became unreachable just before. The master cannot
   * know that until the worker is missing. A master that does not run repeats no lost order.
   */
  private runsTwice(user: string, owners: readonly SimulatedWorker[]): void {
    const { sinceMs, inTransitMs } = this.twice.get(user) ?? { sinceMs: this.world.nowMs, inTransitMs: 0 };
    const { process } = this.cluster.master;
    const isUnreachable = (worker: SimulatedWorker): boolean =>
      this.cutSinceMs.has(worker) && (this.missingSinceMs.get(worker.peer) ?? Infinity) > sinceMs;
    const waits = process.frozen || !process.alive || owners.some(isUnreachable);
    this.twice.set(user, { sinceMs, inTransitMs: inTransitMs + (waits ? CHECK_EVERY_MS : 0) });
    const moveMs = this.cluster.schedule.network.dropped > 0 ? LOSSY_MOVE_MS : MOVE_MS;
    if (this.world.nowMs - sinceMs - inTransitMs <= moveMs) return;
    const names = owners.map(({ name }) => name).join(' and ');
    this.fail(`user ${user} has been running twice since ${sinceMs / 1_000} s, on ${names}`);
  }

  private noteMissing({ participants }: Run): void {
    for (const { peer, state } of participants.all) {
      if (state !== 'missing') this.missingSinceMs.delete(peer);
      else if (!this.missingSinceMs.has(peer)) this.missingSinceMs.set(peer, this.world.nowMs);
    }
  }

  /** Borrowed rows of a lost worker are free once it must have stopped, also after a restart. */
  private borrowedRowsComeBack({ participants, planned, shared, machine }: Run): void {
    const { starts, process } = this.cluster.master;
    if (starts > this.master.starts || process.frozen || !process.alive)
      this.master = { starts, sinceMs: this.world.nowMs };
    if (!planned || machine.state !== 'running') return;
    const { orphanGraceMs, stopTimeoutMs } = this.cluster.schedule;
    const isOverdue = ({ peer }: { readonly peer: string }): boolean => {
      const sinceMs = Math.max(this.missingSinceMs.get(peer) ?? Infinity, this.master.sinceMs);
      return this.world.nowMs - sinceMs > orphanGraceMs + stopTimeoutMs + SETTLE_MS;
    };
    const overdue = new Set(
      participants
        .inState('missing')
        .filter(isOverdue)
        .map(({ id }) => id),
    );
    if (overdue.size === 0) return;
    for (const { use, lost } of shared.rowResults(planned.plan))
      for (const { worker, rows } of use === 'borrow' ? lost : [])
        if (overdue.has(worker)) this.fail(`${worker} is lost and still has ${rows} borrowed rows`);
  }

  private orphansStop(): void {
    const { schedule, workers } = this.cluster;
    for (const worker of workers) {
      if (!worker.alive || (!worker.control.frozen && !this.cluster.isCut(worker))) {
        this.cutSinceMs.delete(worker);
        continue;
      }
      const sinceMs = this.cutSinceMs.get(worker) ?? this.world.nowMs;
      this.cutSinceMs.set(worker, sinceMs);
      const limitMs = schedule.orphanGraceMs + schedule.network.maxDelayMs + STOP_MS;
      const running = worker.liveLanes.flatMap(({ lane }) => (lane.process.frozen ? [] : lane.users));
      if (this.world.nowMs - sinceMs > limitMs && running.length > 0)
        this.fail(`${worker.name} still runs ${running.length} users, cut off since ${sinceMs / 1_000} s`);
    }
  }

  private whoIsToEndAtOnceDoes(): void {
    for (const worker of this.cluster.workers) {
      if (worker.quitAtMs === undefined || !worker.alive) continue;
      if (worker.control.frozen) worker.quitAtMs = this.world.nowMs;
      if (this.world.nowMs - worker.quitAtMs > QUIT_MS)
        this.fail(
          `${worker.name} was ordered to end at once at ${worker.quitAtMs / 1_000} s, but still runs`,
        );
    }
  }

  private exactlyThePlannedUsersRun({ id, started }: Run): void {
    if (!started) return;
    const { clock, dispatch, allocation } = started;
    if (dispatch.unservedGroups.length > 0 || allocation.running.length === 0) return;
    const runMs = this.world.ask(this.cluster.master.process, () => clock.runMs);
    const planned = [-1_500, -1_000, -500, 0, 500].map((ms) => dispatch.plannedUsers(runMs + ms));
    const [atLeast, atMost] = [Math.min(...planned), Math.max(...planned)];
    const lanes = this.liveLanes();
    const ids = new Set(this.cluster.master.current.map(({ run }) => run?.id));
    const stale = lanes.filter(({ lane, runId }) => !ids.has(runId) && lane.users.length > 0);
    for (const { lane, runId } of stale)
      this.fail(`${lane.process.name} runs ${lane.users.length} users of run ${runId}, the run is ${id}`);
    const running = lanes.flatMap(({ lane, runId }) => (runId === id ? lane.users : []));
    const unique = new Set(running);
    if (unique.size < running.length)
      this.fail(`users run twice: ${running.sort((a, b) => a - b).join(' ')}`);
    if (unique.size < atLeast || unique.size > atMost || Math.max(-1, ...unique) >= atMost)
      this.fail(
        `${unique.size} users are running (${[...unique].sort((a, b) => a - b).join(' ')}), ${atLeast} are planned`,
      );
  }

  private allWorkersTakePart({ id, participants }: Run): void {
    for (const worker of participants.inState('idle', 'preparing', 'ready'))
      this.fail(`${worker.id} is ${worker.state} in run ${id}`);
  }

  /** Whether the run and the last event began long enough ago for the planned users to run. */
  private hasSettled({ id, machine }: Run): boolean {
    if (machine.state !== 'running') return false;
    const sinceMs = this.runningSinceMs.get(id) ?? this.world.nowMs;
    this.runningSinceMs.set(id, sinceMs);
    const { nowMs } = this.world;
    const isShared = this.cluster.master.sequences.length > 1;
    return (
      this.isQuiet && nowMs - sinceMs > SETTLE_MS && (!isShared || nowMs - this.ownedSinceMs > SETTLE_MS)
    );
  }

  /** Whether the last event is long enough ago for the cluster to have recovered. */
  private get isQuiet(): boolean {
    const { steps, network, calmAtMs, onWorkerLost, orphanGraceMs, stopTimeoutMs } = this.cluster.schedule;
    const waitsMs = onWorkerLost === 'wait' ? orphanGraceMs + stopTimeoutMs + 2 * STOP_MS : 0;
    const sinceMs = this.world.nowMs - SETTLE_MS - waitsMs;
    if (sinceMs > calmAtMs) return true;
    if (sinceMs < 0 || network.dropped > 0 || network.masterMsPerMessage !== undefined) return false;
    return steps.every((step) => {
      const lasts = 'forMs' in step ? step.forMs : 'backAfterMs' in step ? (step.backAfterMs ?? 0) : 0;
      return step.atMs > this.world.nowMs || Math.min(step.atMs + lasts, calmAtMs) < sinceMs;
    });
  }

  private liveLanes(): SimulatedWorker['lanes'] {
    return this.cluster.workers.flatMap((worker) => worker.liveLanes);
  }
}

function isClosed({ plan }: PlayedRun): boolean {
  return plan.load.parts.every(({ workload }) => workload.kind === 'users');
}
