import { formatDuration, type Millis } from '@drumline/model';
import type { Finding, LaneIncident, ReportAck, StatsReport } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';
import type { Intervals } from '../intervals/intervals.js';
import type { Merged } from '../intervals/report-merger.js';
import { Findings, withoutTarget } from './findings.js';
import type { NoteCollector } from './note-collector.js';
import type { RunEnds, RunProgress } from './run-events.js';
import type { Trust } from './trust.js';
import { whyScenarioStopped } from './scenario-stop.js';

/** The users of a second are those of this time in it. A ramp begins without any. */
const USERS_KNOWN_AT_MS: Millis = 100;

interface Parts {
  readonly runId: string;
  readonly run: Pick<RunProgress, 'started'> & RunEnds;
  readonly intervals: Pick<Intervals, 'merge'>;
  readonly notes: NoteCollector;
  /** All workers of the run. */
  readonly workers: () => readonly Participant[];
  readonly trust: Pick<Trust, 'schedule'>;
  /** @returns whether users must be placed again */
  readonly incident: (worker: Participant, incident: LaneIncident) => boolean;
  /** Logs a report that was refused. */
  readonly nonsense: (why: string) => void;
}

/** Receives the reports of the workers of a run. */
export class Reports {
  private readonly findings: Findings;

  constructor(private readonly parts: Parts) {
    this.findings = new Findings(parts.notes);
  }

  /** @returns an answer to send at once; undefined if the report was merged */
  take(worker: Participant, report: StatsReport): ReportAck | undefined {
    const merged = this.merge(worker, report);
    const answer = { type: 'reportAck', runId: this.parts.runId, seq: worker.ackedSeq } as const;
    if (merged === 'keys-unknown') return { ...answer, keysUnknown: true };
    if (merged === 'not-next') return answer;
    this.takeRest(worker, report);
    if (report.foldedToSeconds !== undefined) this.noteFolding(worker, report.foldedToSeconds);
    return undefined;
  }

  private takeRest(worker: Participant, report: StatsReport): void {
    const { incidents = [], findings = [], rest = [], stopRun } = report;
    const { run, trust } = this.parts;
    trust.schedule(worker, rest);
    const moved = incidents.map((one) => this.parts.incident(worker, { type: 'laneIncident', ...one }));
    if (moved.includes(true)) run.started?.allocation.placeUsers();
    this.takeFindings(worker, findings);
    if (stopRun) run.stop('scenario', whyScenarioStopped(worker, stopRun, run.started?.clock.elapsedMs ?? 0));
  }

  private takeFindings(worker: Participant, findings: readonly Finding[]): void {
    this.findings.take(worker.id, findings);
    const lost = findings.find(({ kind }) => kind === 'no-target');
    if (lost && !this.parts.workers().some(({ pace }) => pace.hasRequests))
      this.parts.run.fail(withoutTarget(lost.subject));
  }

  private merge(worker: Participant, report: StatsReport): Merged {
    const { intervals, notes, run } = this.parts;
    try {
      const { started } = run;
      if (!started) return intervals.merge(worker, report, 0);
      const { dispatch, clock } = started;
      const plannedUsers = (second: number): number =>
        dispatch.usersOn(worker, clock.runMsAt(second * 1_000 + USERS_KNOWN_AT_MS));
      return intervals.merge(worker, report, clock.elapsedMs, dispatch.hasRate ? undefined : plannedUsers);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      notes.add(
        'reports-missing',
        `Report ${report.seq} of worker ${worker.id} was invalid and was left out: ${error.message}.`,
        `nonsense ${worker.id}`,
      );
      this.parts.nonsense(`report ${report.seq} from ${worker.id}: ${error.message}`);
      return 'merged';
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
