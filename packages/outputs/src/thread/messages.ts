import type { PlacedEvent } from '@drumline/stats';
import type { OutputView, RunEventView } from '@drumline/wire';
import type { OutputEnd, OutputRun, OutputSpec, ResumedRun } from '../output.js';

/** An output that is to be created. */
export interface RequestedOutput {
  readonly spec: OutputSpec;
  /** Whether the run may begin although its service does not answer. */
  readonly isOptional: boolean;
}

/** What the thread is started with. */
export interface OutputsThreadData {
  readonly requested: readonly RequestedOutput[];
  /** Whether the outputs are only created, without reaching their services. */
  readonly isTrial: boolean;
}

/** Something of the run that each output gets. */
export type OutputInput = PlacedEvent | { readonly event: RunEventView; readonly position?: undefined };

/** A run that the master of the thread has begun or resumed. */
export interface BegunRun extends OutputRun {
  readonly resumed?: ResumedRun & {
    /** Position of the last event that each output had sent, by `shownSpec`. */
    readonly sent: Readonly<Record<string, number>>;
  };
}

/** From the master to the thread. */
export type OutputsOrder =
  | { readonly kind: 'begin'; readonly run: BegunRun }
  /** Answered by `taken`. */
  | { readonly kind: 'input'; readonly input: OutputInput; readonly notTaken: number }
  /** Answered by `ended`, after which the thread exits. */
  | { readonly kind: 'end'; readonly end: OutputEnd; readonly limitMs: number };

/** What is wrong with an output. */
export interface RequestProblem {
  /** Its place in the list of requested outputs. */
  readonly index: number;
  readonly message: string;
  /** `create`: the specification is invalid; `check`: the service cannot be used. */
  readonly stage: 'create' | 'check';
}

/** From the thread to the master. */
export type OutputsAnswer =
  /** All outputs are ready, except for optional ones, whose problems are listed. */
  | {
      readonly kind: 'ready';
      readonly problems: readonly RequestProblem[];
      /** Where outputs that listen are reached, in the order of the request. */
      readonly addresses: readonly (string | undefined)[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly RequestProblem[] }
  | { readonly kind: 'taken' }
  | { readonly kind: 'status'; readonly outputs: readonly OutputProgress[] }
  | { readonly kind: 'ended'; readonly outputs: readonly OutputProgress[] };

/** The state of an output, in the order of the request. */
export interface OutputProgress extends Omit<OutputView, 'name' | 'to'> {
  /** Position of the last event that it has sent. */
  readonly sent: number;
}
