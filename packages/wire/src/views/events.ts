import type { AnnotationView } from './annotation.js';
import type { StatusView, ThresholdView } from './api.js';
import type { TimelinePoint } from './result.js';
import type { ReasonResult } from './verdict.js';

/** A second of the run that has closed. */
export interface IntervalView {
  type: 'interval';
  /** 1 for the first second of the run, without gaps. */
  number: number;
  point: TimelinePoint;
  status: StatusView;
}

/** A closed second that late reports have corrected. */
export interface CorrectionView {
  type: 'correction';
  /** Of the interval that is corrected. */
  number: number;
  /** Replaces the point of the interval. */
  point: TimelinePoint;
}

/** One event of a run. */
export type RunEventView = SomeEvent & {
  /**
   * The place of the event: `INTERVAL.EVENT`, the numbers of the last interval and of the last
   * other event. Readers resume after it. Also the `id` of the server-sent event.
   */
  eventId?: string;
};

type SomeEvent =
  | { type: 'state'; state: string; at: string; reason?: string | undefined }
  | IntervalView
  | CorrectionView
  | { type: 'worker'; id: string; name: string; state: string; reason?: string | undefined }
  | { type: 'lane'; worker: string; lane: number; kind: string; reason: string; stack?: string | undefined }
  | { type: 'note'; code: string; message: string }
  | ({ type: 'annotation' } & AnnotationView)
  | {
      type: 'threshold';
      expression: string;
      of: string;
      state: 'broken' | 'recovered';
      unit: ThresholdView['unit'];
      observed: number | null;
      limit: number;
      at: string;
    }
  | {
      type: 'end';
      exitCode: number;
      /** Name of the exit code. */
      exit: string;
      verdict: string;
      /** Why the verdict is not `passed`. */
      reasons: ReasonResult[];
    };
