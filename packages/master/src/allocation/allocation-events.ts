import type { Millis } from '@drumline/model';
import type {
  Interruption,
  LaneIncident,
  ReportAck,
  SharedRequestMessage,
  StatsReport,
} from '@drumline/wire';
import type { QuantileTerms } from '../cluster/listener.js';
import type { Participant } from './participant.js';

/** Events of the workers of a run. */
export interface AllocationEvents {
  /** When workers report the response times of each series. */
  readonly quantiles: QuantileTerms;
  /** The worker has loaded the scenario and can be given users. */
  ready(worker: Participant): void;
  cannotPrepare(worker: Participant, problem: string): void;
  joined(worker: Participant): void;
  returned(worker: Participant): void;
  /** The worker ran under the previous master and has come back. */
  rejoined(worker: Participant): void;
  lost(worker: Participant, silentMs: Millis): void;
  /**
   * The worker leaves, or is gone. @param complete whether all its counts are merged, or will be
   */
  left(worker: Participant, reason: string, complete: boolean): void;
  /** The worker stops before it has handed over its slots. */
  keptSlots(worker: Participant): void;
  /** @returns whether users must be placed again */
  heartbeat(worker: Participant): boolean;
  /** @returns whether users must be placed again */
  incident(worker: Participant, incident: LaneIncident): boolean;
  /**
   * @returns an answer to send at once; undefined for a merged report, which is acknowledged when
   * it would survive the death of this master
   */
  report(worker: Participant, report: StatsReport): ReportAck | undefined;
  /** A lane asks for shared state. It is answered later. */
  sharedRequest(worker: Participant, request: SharedRequestMessage): void;
  /**
   * Called after each placement of users. Resolves when another master would know of it.
   * @param changed the workers whose number of users has changed
   */
  placed(changed: ReadonlySet<Participant>): Promise<void>;
  drained(worker: Participant, killedLanes: readonly number[]): void;
  /** A message was refused. @param why for people */
  nonsense(why: string): void;
  /** The worker port was closed for a moment and opened again. */
  portInterrupted(interruption: Interruption): void;
  /** A message could not be handled because of a bug in Drumline. */
  defect(messageType: string, error: unknown): void;
}
