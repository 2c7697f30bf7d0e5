import { formatDuration } from '@drumline/model';
import type { Finding, LaneIncident, ReportAck, StatsReport } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';
import type { Aggregate } from '../intervals/aggregate.js';
import { Findings, withoutTarget } from './findings.js';
import type { NoteCollector } from './note-collector.js';
import type { RunEnds, RunProgress } from './run-events.js';
import { whyScenarioStopped } from './scenario-stop.js';

type Answer = Omit<ReportAck, 'type'>;

interface Parts {
  readonly runId: string;
  readonly run: Pick<RunProgress, 'started'> & RunEnds;
  readonly aggregate: Aggregate;
  readonly notes: NoteCollector;
  /** All workers of the run. */
  readonly workers: () => readonly Participant[];
  /** @returns whether users must be placed again */
  readonly incident: (worker: Participant, incident: LaneIncident) => boolean;
  /** Logs a report that was refused. */
  readonly nonsense: (why: string) => void;
  /** Resolves when the last report of the worker would survive the death of this master. */
  readonly saved: (worker: Participant) => Promise<void>;
}

/** Receives the reports of the workers of a run. */
export class Reports {
  private readonly findings: Findings;

  constructor(private readonly parts: Parts) {
    this.findings = new Findings(parts.notes);
  }

  /** @returns the answer to the worker, once everything that it acknowledges is saved */
  take(worker: Participant, report: StatsReport): Promise<Answer> {
    if (report.runId !== this.parts.runId) return Promise.resolve({ seq: report.seq });
    const before = worker.mergedSeq;
    const ack = this.merge(worker, report);
    if (worker.mergedSeq > before) this.takeRest(worker, report);
    if (report.foldedToSeconds !== undefined) this.noteFolding(worker, report.foldedToSeconds);
    return this.parts.saved(worker).then(() => ack);
  }

  private takeRest(worker: Participant, { incidents = [], findings = [], stopRun }: StatsReport): void {
    const { run } = this.parts;
    const moved = incidents.map((one) => this.parts.incident(worker, { type: 'laneIncident', ...one }));
    if (moved.includes(true)) run.started?.allocation.placeUsers();
    this.takeFindings(worker, findings);
    if (stopRun) run.stop('scenario', whyScenarioStopped(worker, stopRun, run.started?.clock.elapsedMs ?? 0));
  }

  private takeFindings(worker: Participant, findings: readonly Finding[]): void {
    this.findings.take(worker.id, findings);
    const lost = findings.find(({ kind }) => kind === 'no-target');
    if (lost && !this.parts.workers().some(({ requests }) => requests > 0))
      this.parts.run.fail(withoutTarget(lost.subject));
  }

  private merge(worker: Participant, report: StatsReport): Answer {
    const { aggregate, notes, run } = this.parts;
    try {
      return aggregate.merge(worker, report, run.started?.clock.elapsedMs ?? 0);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      worker.mergedSeq = Math.max(worker.mergedSeq, report.seq);
      notes.add(
        'reports-missing',
        `Report ${report.seq} of worker ${worker.id} was invalid and was left out: ${error.message}.`,
        `nonsense ${worker.id}`,
      );
      this.parts.nonsense(`report ${report.seq} from ${worker.id}: ${error.message}`);
      return { seq: report.seq };
    }
  }

  private noteFolding(worker: Participant, seconds: number): void {
    const span = formatDuration(seconds * 1_000);
    this.parts.notes.add(
      'worker-returned',
      `Worker ${worker.id} was unreachable for so long that the timeline has its results in steps of ${span}. The totals are exact.`,
      `folded ${worker.id}`,
    );
  }
}
