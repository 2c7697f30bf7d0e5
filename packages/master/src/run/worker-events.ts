import { formatDuration, isGrouped, messageOf, type Millis } from '@drumline/model';
import type {
  Interruption,
  LaneIncident,
  ReportAck,
  SharedRequestMessage,
  StatsReport,
} from '@drumline/wire';
import type { Intervals } from '../intervals/intervals.js';
import type { AllocationEvents } from '../allocation/allocation-events.js';
import { laneName, type Participant } from '../allocation/participant.js';
import type { QuantileTerms } from '../cluster/listener.js';
import type { RateLimitedLog } from '../cluster/rate-limited-log.js';
import type { Log } from '../cluster/log.js';
import { couldNotLoad } from './gathering.js';
import type { HookRunner } from './hooks.js';
import type { Incidents } from './incidents.js';
import { endParts } from './part-ends.js';
import type { Losses } from './losses.js';
import type { LostWorkers } from './lost-workers.js';
import type { NoteCollector } from './note-collector.js';
import { PortInterruptions } from './port-interruptions.js';
import type { Reports } from './reports.js';
import type { Emit, RunProgress } from './run-events.js';
import type { SharedValues } from './shared-values.js';
import type { StartedRun } from './started-run.js';
import type { Trust } from './trust.js';
import type { UnreachableUsers } from './unreachable-users.js';

/** Number of lines of a kind that are logged within ten seconds. More are only counted. */
const BURST = 50;

interface Parts {
  readonly run: RunProgress & { readonly gathering: { check(): void } };
  readonly log: Log;
  readonly limited: Pick<RateLimitedLog, 'line'>;
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly hooks: Pick<HookRunner, 'run'>;
  readonly incidents: Incidents;
  readonly losses: Losses;
  readonly lostWorkers: LostWorkers;
  readonly reports: Reports;
  readonly trust: Trust;
  readonly shared: SharedValues;
  /** How long the lanes of a lost worker may go on. */
  readonly stopsWithinMs: (worker: Participant) => Millis;
  readonly intervals: Pick<Intervals, 'gone' | 'quantiles'>;
  readonly unreachable: UnreachableUsers;
  readonly emit: Emit;
  /** What another master needs of a worker has changed. */
  readonly changed: (worker: Participant) => void;
  /** Resolves when another master would know of everything so far. */
  readonly saved: () => Promise<void>;
  readonly nonsense: (why: string) => void;
  /** Checks whether the machine of a worker that joined late allows its share of the load. */
  readonly checkLimits: (worker: Participant) => void;
}

/** Turns events of the workers of a run into log lines, notes, events and hooks. */
export class WorkerEvents implements AllocationEvents {
  private readonly port: PortInterruptions;

  constructor(private readonly parts: Parts) {
    this.port = new PortInterruptions(parts.notes);
  }

  joined(worker: Participant): void {
    const { hello } = worker;
    this.logLimited(
      'joined',
      `Worker ${worker.id} joined from ${hello.host} with ${hello.lanes} ${hello.lanes === 1 ? 'lane' : 'lanes'}.`,
    );
    this.emitWorker(worker);
    void this.parts.hooks.run('workerJoined', { worker: worker.id });
  }

  ready(worker: Participant): void {
    const { run, log, notes } = this.parts;
    if (isGrouped(worker.laneGroups)) log(`Worker ${worker.id} has ${lanesByGroup(worker)}.`);
    this.emitWorker(worker);
    if (run.isRunning && !run.started?.allocation.awaits(worker)) {
      notes.add(
        'worker-joined-late',
        `Worker ${worker.id} joined at ${this.elapsed()}, and users moved to it.`,
        `late ${worker.id}`,
      );
      this.parts.checkLimits(worker);
    }
    run.gathering.check();
  }

  get quantiles(): QuantileTerms {
    return this.parts.intervals.quantiles;
  }

  cannotPrepare(worker: Participant, problem: string): void {
    const message = couldNotLoad(worker.id, problem);
    this.parts.notes.add(
      'worker-excluded',
      `${message} The run continues without it.`,
      `excluded ${worker.hello.name}`,
    );
    this.logLimited('excluded', message);
    this.emitWorker(worker, 'it could not load the scenario');
    this.parts.run.gathering.check();
  }

  /** Follows a run of another master, which knew that some of its workers were gone. */
  resumed({ allocation }: StartedRun): void {
    const { shared, stopsWithinMs } = this.parts;
    for (const worker of allocation.participants.all) {
      if (worker.state === 'left') shared.ended(worker);
      else if (worker.state === 'missing' && !allocation.awaits(worker))
        shared.lost(worker, stopsWithinMs(worker));
    }
  }

  returned(worker: Participant): void {
    this.parts.unreachable.returned(worker);
    this.rejoined(worker);
    if (worker.tookPart) this.parts.lostWorkers.returned(this.parts.run.started, worker);
  }

  rejoined(worker: Participant): void {
    this.parts.shared.returned(worker);
    this.logLimited('back', `Worker ${worker.id} is back.`);
    this.emitWorker(worker);
  }

  lost(worker: Participant, silentMs: Millis): void {
    const { run, hooks, lostWorkers, intervals, shared } = this.parts;
    intervals.gone(worker);
    shared.lost(worker, this.parts.stopsWithinMs(worker));
    const reason = `silent for ${formatDuration(silentMs)}`;
    this.logLimited('missing', `Worker ${worker.id} is missing: ${reason}.${lostWorkers.fateOf(worker)}`);
    this.emitWorker(worker, reason);
    if (!run.started) return run.gathering.check();
    void hooks.run('workerLost', { worker: worker.id, reason });
    // Workers that never took part do not affect the run.
    if (worker.tookPart) lostWorkers.lost(run.started, worker, silentMs);
  }

  left(worker: Participant, reason: string, complete: boolean): void {
    const { run, hooks, notes, intervals, shared } = this.parts;
    if (!worker.isPresent) {
      intervals.gone(worker);
      shared.ended(worker);
    }
    this.emitWorker(worker, reason);
    if (!complete) this.incomplete(worker, 'it ended before it reported all its results');
    if (!run.isRunning) return run.gathering.check();
    this.logLimited('leaves', `Worker ${worker.id} leaves: ${reason}.`);
    void hooks.run('workerLeft', { worker: worker.id, reason });
    if (!worker.tookPart) return;
    notes.add(
      'worker-left',
      `Worker ${worker.id} left at ${this.elapsed()} (${reason}); its users moved to other workers.`,
      `left ${worker.id}`,
    );
  }

  keptSlots(worker: Participant): void {
    const { started } = this.parts.run;
    if (started) this.parts.lostWorkers.keptSlots(started, worker);
  }

  heartbeat(worker: Participant): boolean {
    const { run, incidents, trust } = this.parts;
    if (run.isRunning) trust.heartbeat(worker);
    if (run.isRunning && run.started && worker.health?.positions) endParts(run.started);
    return incidents.restoreLanes(worker);
  }

  /** Decides which seconds of the whole run can be trusted. */
  settleTrust(): void {
    this.parts.trust.settle(Infinity);
  }

  incident(worker: Participant, incident: LaneIncident): boolean {
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
    return this.parts.incidents.take(worker, incident);
  }

  report(worker: Participant, report: StatsReport): ReportAck | undefined {
    const answer = this.parts.reports.take(worker, report);
    this.parts.lostWorkers.reported(worker);
    return answer;
  }

  sharedRequest(worker: Participant, request: SharedRequestMessage): void {
    this.parts.shared.take(worker, request);
  }

  placed(changed: ReadonlySet<Participant>): Promise<void> {
    for (const worker of changed) this.parts.changed(worker);
    return this.parts.saved();
  }

  drained(worker: Participant, killedLanes: readonly number[]): void {
    this.emitWorker(worker);
    for (const lane of killedLanes) this.parts.incidents.killed(worker, lane);
    this.parts.losses.caughtUp(worker);
  }

  /** The workers have been drained. */
  runEnded(started: StartedRun, workers: readonly Participant[]): void {
    for (const worker of workers) this.parts.lostWorkers.ended(started, worker);
  }

  /** Records a worker that had not confirmed its last report when the run ended. */
  neverDrained(worker: Participant): void {
    this.incomplete(worker, 'it did not send its last reports');
  }

  nonsense(why: string): void {
    this.parts.nonsense(why);
  }

  portInterrupted(interruption: Interruption): void {
    this.port.add(interruption, this.parts.run.started?.clock.elapsedMs ?? 0);
  }

  defect(messageType: string, error: unknown): void {
    this.parts.notes.add(
      'internal',
      `A message '${messageType}' from a worker could not be handled: ${messageOf(error)}.`,
      'internal',
    );
  }

  /** Logs a line of a kind that may occur at any rate. */
  private logLimited(kind: string, line: string): void {
    this.parts.limited.line(kind, line, BURST);
  }

  private incomplete(worker: Participant, reason: string): void {
    const { run, lostWorkers } = this.parts;
    if (run.started && worker.tookPart) lostWorkers.incomplete(run.started, worker, reason);
  }

  private emitWorker(worker: Participant, reason?: string): void {
    const { id, hello, state } = worker;
    this.parts.changed(worker);
    this.parts.emit({ type: 'worker', id, name: hello.name, state, reason });
  }

  private elapsed(): string {
    return formatDuration(this.parts.run.started?.clock.elapsedMs ?? 0);
  }
}

function lanesByGroup({ laneGroups }: Participant): string {
  const counts = [...new Set(laneGroups)].map(
    (group) => [group, laneGroups.filter((other) => other === group).length] as const,
  );
  const parts = counts.map(([group, count], index) => {
    const unit = index > 0 ? '' : count === 1 ? ' lane' : ' lanes';
    return `${count}${unit} for '${group}'`;
  });
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
