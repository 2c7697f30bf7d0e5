import {
  formatDuration,
  isGrouped,
  messageOf,
  stackOf,
  type Millis,
  type RefusalKind,
} from '@drumline/model';
import type { Finding, Interruption, LaneIncident, ReportAck, StatsReport } from '@drumline/wire';
import type { ClusterEvents } from '../cluster/cluster-events.js';
import { masterNowMs } from '../clock.js';
import { couldNotLoad } from './gathering.js';
import { exposureOf, exposureOfEnded, stopsWithinMs, type Exposure } from './exposure.js';
import { Findings, withoutTarget } from './findings.js';
import type { HookRunner } from './hooks.js';
import type { Incidents } from './incidents.js';
import type { OnWorkerLost, Log } from '../options.js';
import { stopByScenario } from './scenario-stop.js';
import { newestSecond } from '../cluster/plausible.js';
import { laneName, type WorkerRecord } from '../cluster/registry.js';
import { tookPart } from '../cluster/worker-list.js';
import { PortInterruptions } from './port-interruptions.js';
import type { Run } from './run.js';

/** Number of lines of a kind that are logged within ten seconds. More are only counted. */
const BURST = 50;

/** What happens to the users of a lost worker, for the log and for the report. */
const FATE_OF_USERS: Readonly<Record<OnWorkerLost, readonly [now: string, then: string]>> = {
  rebalance: ['Its users move to other workers.', 'its users moved to other workers'],
  wait: [
    'Its users move to other workers once it must have stopped.',
    'its users moved to other workers once it must have stopped',
  ],
  continue: ['Its users wait until it returns.', 'its users waited for it'],
  fail: ['The run ends.', 'the run was ended'],
};

/**
 * Handles workers that join, leave or report: log lines, notes, hooks, and the next step of the
 * run.
 */
export class Membership implements ClusterEvents {
  private readonly findings: Findings;
  private readonly port: PortInterruptions;
  /**
   * When missing workers returned, milliseconds since the start; only while reports from their
   * absence are outstanding.
   */
  private readonly returnedAtMs = new Map<WorkerRecord, Millis>();

  constructor(
    private readonly run: Run,
    private readonly hooks: HookRunner,
    private readonly incidents: Incidents,
    private readonly log: Log,
  ) {
    this.findings = new Findings(run.notes);
    this.port = new PortInterruptions(run.notes, (kind, line) => this.logLimited(kind, line));
  }

  joined(worker: WorkerRecord): void {
    const { hello } = worker;
    this.logLimited(
      'joined',
      `Worker ${worker.id} joined from ${hello.host} with ${hello.lanes} ${hello.lanes === 1 ? 'lane' : 'lanes'}.`,
    );
    this.emitWorker(worker);
    void this.hooks.run('workerJoined', { worker: worker.id });
  }

  ready(worker: WorkerRecord): void {
    if (isGrouped(worker.laneGroups)) this.log(`Worker ${worker.id} has ${lanesByGroup(worker)}.`);
    this.emitWorker(worker);
    if (this.run.machine.state === 'running' && !this.run.cluster.awaits(worker)) {
      this.run.notes.add(
        'worker-joined-late',
        `Worker ${worker.id} joined at ${this.elapsed()}, and users moved to it.`,
        `late ${worker.id}`,
      );
    }
    this.run.startIfGathered();
  }

  cannotPrepare(worker: WorkerRecord, problem: string): void {
    const { notes } = this.run;
    const message = couldNotLoad(worker.id, problem);
    notes.add('worker-excluded', `${message} The run continues without it.`, `excluded ${worker.hello.name}`);
    this.logLimited('excluded', message);
    this.emitWorker(worker, 'it could not load the scenario');
    this.run.startIfGathered();
  }

  returned(worker: WorkerRecord): void {
    this.run.unreachable.returned(worker);
    this.logLimited('back', `Worker ${worker.id} is back.`);
    this.emitWorker(worker);
    if (!tookPart(worker)) return;
    this.run.notes.add(
      'worker-returned',
      `Worker ${worker.id} came back at ${this.elapsed()}. Its results from its absence are in the report.`,
    );
    if (this.run.clock) this.returnedAtMs.set(worker, this.run.clock.elapsedMs);
  }

  rejoined(worker: WorkerRecord): void {
    this.logLimited('back', `Worker ${worker.id} is back.`);
    this.emitWorker(worker);
  }

  lost(worker: WorkerRecord, silentMs: Millis): void {
    const reason = `silent for ${formatDuration(silentMs)}`;
    const { clock, dispatch, options, notes, losses } = this.run;
    const { onWorkerLost = 'rebalance' } = options;
    const [now, then] = FATE_OF_USERS[onWorkerLost];
    const fate = worker.hadUsers ? ` ${now}` : '';
    this.logLimited('missing', `Worker ${worker.id} is missing: ${reason}.${fate}`);
    this.emitWorker(worker, reason);
    this.returnedAtMs.delete(worker);
    if (!clock) return;
    void this.hooks.run('workerLost', { worker: worker.id, reason });
    // Workers that never took part do not affect the run.
    if (!tookPart(worker)) return;
    notes.add(
      'worker-lost',
      `Worker ${worker.id} (${worker.hello.host}) was lost at ${this.elapsed()}, ${reason}; ${then}. Its results since its last report are missing unless it came back.`,
    );
    const exposure = exposureOf(this.run, worker, silentMs);
    losses.workerLost(worker, clock.elapsedMs, reason, exposure);
    this.run.unreachable.lost(worker, exposure);
    if (onWorkerLost === 'rebalance') this.noteTwice(worker, exposure);
    if (onWorkerLost === 'continue') dispatch!.await(worker);
    if (onWorkerLost === 'wait') dispatch!.await(worker, masterNowMs() + stopsWithinMs(this.run, worker));
    if (onWorkerLost === 'fail')
      this.run.stop('worker-lost', `The run was ended early because worker ${worker.id} was lost.`);
  }

  left(worker: WorkerRecord, reason: string, complete: boolean): void {
    this.emitWorker(worker, reason);
    if (!complete) this.incomplete(worker, 'it ended before it reported all its results');
    if (this.run.machine.state !== 'running') return;
    this.logLimited('leaves', `Worker ${worker.id} leaves: ${reason}.`);
    void this.hooks.run('workerLeft', { worker: worker.id, reason });
    if (!tookPart(worker)) return;
    this.run.notes.add(
      'worker-left',
      `Worker ${worker.id} left at ${this.elapsed()} (${reason}); its users moved to other workers.`,
      `left ${worker.id}`,
    );
  }

  heartbeat(worker: WorkerRecord): boolean {
    if (this.run.machine.state === 'running') this.incidents.watchLoad(worker);
    return this.incidents.restoreLanes(worker);
  }

  incident(worker: WorkerRecord, incident: LaneIncident): boolean {
    const { kind, lane, reason, stalledMs, stack } = incident;
    const how = stalledMs === undefined ? reason : `${reason} after ${formatDuration(stalledMs)}`;
    const text =
      kind === 'stalled'
        ? `has been blocked for ${formatDuration(stalledMs ?? 0)}`
        : kind === 'starved'
          ? `has not responded for ${formatDuration(stalledMs ?? 0)}: ${reason}. Its users stay`
          : `${kind}: ${how}`;
    this.logLimited(
      kind,
      `Lane ${laneName(worker, lane)} ${text}.${stack === undefined || kind === 'recovered' ? '' : `\n${stack}`}`,
    );
    return this.incidents.take(worker, incident);
  }

  report(worker: WorkerRecord, report: StatsReport): Promise<Omit<ReportAck, 'type'>> {
    if (report.runId !== this.run.id) return Promise.resolve({ seq: report.seq });
    const before = worker.mergedSeq;
    const ack = this.merge(worker, report);
    if (worker.mergedSeq > before) {
      this.takeIncidents(worker, report.incidents ?? []);
      this.takeFindings(worker, report.findings ?? []);
      if (report.stopRun) stopByScenario(this.run, worker, report.stopRun);
    }
    this.watchReturn(worker);
    if (report.foldedToSeconds !== undefined) this.noteFolding(worker, report.foldedToSeconds);
    return this.run.writer.saved(worker).then(() => ack);
  }

  private takeFindings(worker: WorkerRecord, findings: readonly Finding[]): void {
    this.findings.take(worker.id, findings);
    const lost = findings.find(({ kind }) => kind === 'no-target');
    const counted = this.run.cluster.registry.workers.some(({ requests }) => requests > 0);
    if (lost && !counted) this.run.fail(withoutTarget(lost.subject));
  }

  /** Notes that users of an unreachable worker may run twice: there and on other workers. */
  private noteTwice({ id }: WorkerRecord, { users, untilMs }: Exposure): void {
    const isSeenDead = untilMs <= this.run.clock!.elapsedMs;
    if (users === 0 || isSeenDead) return;
    this.run.notes.add(
      'users-twice',
      `Worker ${id} became unreachable at ${this.elapsed()}. Up to ${users} of its users may run twice, there and on other workers, until ${formatDuration(untilMs)} at the latest. With --on-worker-lost wait, users move only once they must have stopped.`,
    );
  }

  private takeIncidents(worker: WorkerRecord, incidents: NonNullable<StatsReport['incidents']>): void {
    const moved = incidents.map((incident) => this.incident(worker, { type: 'laneIncident', ...incident }));
    if (moved.includes(true)) this.run.cluster.placeUsers();
  }

  private merge(worker: WorkerRecord, report: StatsReport): Omit<ReportAck, 'type'> {
    try {
      return this.run.aggregate.merge(worker, report, newestSecond(this.run.clock?.elapsedMs ?? 0));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      worker.mergedSeq = Math.max(worker.mergedSeq, report.seq);
      this.run.notes.add(
        'reports-missing',
        `Report ${report.seq} of worker ${worker.id} was invalid and was left out: ${error.message}.`,
        `nonsense ${worker.id}`,
      );
      this.refused('nonsense', `report ${report.seq} from ${worker.id}: ${error.message}`);
      return { seq: report.seq };
    }
  }

  placed(): void {
    void this.run.writer.saved();
  }

  drained(worker: WorkerRecord, killedLanes: readonly number[]): void {
    this.emitWorker(worker);
    for (const lane of killedLanes) this.incidents.killed(worker, lane);
    this.run.losses.caughtUp(worker);
  }

  /** Records a worker that had not confirmed its last report when the run ended. */
  neverDrained(worker: WorkerRecord): void {
    this.incomplete(worker, 'it did not send its last reports');
  }

  refused(kind: RefusalKind, why: string, count?: number): void {
    this.run.refusals.add(kind, why, count);
  }

  portInterrupted(interruption: Interruption): void {
    this.port.add(interruption, this.run.clock?.elapsedMs ?? 0);
  }

  defect(messageType: string, error: unknown): void {
    this.run.refusals.limited.line(
      `defect ${messageType}`,
      `A bug in Drumline, please report it: the message '${messageType}' could not be handled.\n${stackOf(error)}`,
    );
    this.run.notes.add(
      'internal',
      `A message '${messageType}' from a worker could not be handled: ${messageOf(error)}.`,
      'internal',
    );
  }

  /** Logs a line of a kind that may occur at any rate. */
  private logLimited(kind: string, line: string): void {
    this.run.refusals.limited.line(kind, line, BURST);
  }

  private incomplete(worker: WorkerRecord, reason: string): void {
    const { clock, notes, losses } = this.run;
    if (!clock || !tookPart(worker)) return;
    notes.add('reports-missing', `Worker ${worker.id}: ${reason}, so its last requests are not counted.`);
    losses.workerLost(worker, clock.elapsedMs, reason, exposureOfEnded(this.run, worker));
  }

  /**
   * Marks a returned worker as complete. Reports arrive in order, so all earlier ones are merged
   * once one from after its return is.
   */
  private watchReturn(worker: WorkerRecord): void {
    const sinceMs = this.returnedAtMs.get(worker);
    if (sinceMs === undefined || (worker.pace.newestSecond ?? 0) * 1_000 <= sinceMs) return;
    this.returnedAtMs.delete(worker);
    this.run.losses.caughtUp(worker);
  }

  private noteFolding(worker: WorkerRecord, seconds: number): void {
    const span = formatDuration(seconds * 1_000);
    this.run.notes.add(
      'worker-returned',
      `Worker ${worker.id} was unreachable for so long that the timeline has its results in steps of ${span}. The totals are exact.`,
      `folded ${worker.id}`,
    );
  }

  private emitWorker(worker: WorkerRecord, reason?: string): void {
    this.run.emit({
      type: 'worker',
      id: worker.id,
      name: worker.hello.name,
      state: worker.machine.state,
      reason,
    });
  }

  private elapsed(): string {
    return formatDuration(this.run.clock?.elapsedMs ?? 0);
  }
}

function lanesByGroup({ laneGroups }: WorkerRecord): string {
  const counts = [...new Set(laneGroups)].map(
    (group) => [group, laneGroups.filter((other) => other === group).length] as const,
  );
  const parts = counts.map(([group, count], index) => {
    const unit = index > 0 ? '' : count === 1 ? ' lane' : ' lanes';
    return `${count}${unit} for '${group}'`;
  });
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
