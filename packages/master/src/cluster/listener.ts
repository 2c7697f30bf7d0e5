import type { Millis } from '@drumline/model';
import type { QuantilesEvery } from '@drumline/stats';
import type { Goodbye, Heartbeat, Hello, Interruption, WorkerMessage } from '@drumline/wire';
import type { Member } from './member.js';

/** A message from a worker about a run. */
export type RunMessage = Exclude<WorkerMessage, Hello | Heartbeat | Goodbye>;

/** When workers report the response times of each series. */
export interface QuantileTerms {
  readonly everySeconds: QuantilesEvery;
  /** Workers are divided into so many groups, which report a second apart. */
  readonly groups: number;
}

/** What a run receives from the cluster, about its own workers only. */
export interface ClusterListener {
  readonly runId: string;
  /** When workers report the response times of each series. They are told in each reply. */
  readonly quantiles: QuantileTerms;
  /** The run has got a worker. */
  joined(member: Member): void;
  /** A missing worker has sent something again. */
  returned(member: Member): void;
  lost(member: Member, silentMs: Millis): void;
  /** The worker is gone and in no result. It is removed to bound the memory. */
  forgotten(member: Member): void;
  /** The process of the worker ends. @param complete whether everything it counted is merged */
  ended(member: Member, reason: string, complete: boolean): void;
  /** @param gapMs time since its previous heartbeat */
  heartbeat(member: Member, heartbeat: Heartbeat, gapMs: Millis): void;
  message(member: Member, message: RunMessage): void;
  /** The worker port was closed for a moment and opened again. */
  portInterrupted(interruption: Interruption): void;
  /** A message could not be handled because of a bug in Drumline. */
  defect(messageType: string, error: unknown): void;
}
