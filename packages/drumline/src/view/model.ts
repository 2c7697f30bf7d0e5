import type { StatsView, StatusView, TimelinePoint, WorkerView } from '@drumline/wire';

/** A snapshot of a run, from the views of the control API. */
export interface LiveModel extends Pick<
  StatsView,
  'current' | 'totals' | 'series' | 'errors' | 'checks' | 'exceptions' | 'schedule'
> {
  readonly status: StatusView;
  readonly workers: readonly WorkerView[];
  /** The seconds of the last minute, in order. */
  readonly seconds: readonly Pick<TimelinePoint, 'requests' | 'failures' | 'exceptions' | 'p95Ms'>[];
}

/** Orders of the series in the live view. */
export const SORT_ORDERS = ['failing', 'slow', 'busy', 'name'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

/** Choices of the user in the live view. */
export interface LiveChoices {
  readonly sort: SortOrder;
  /** Whether the list of keys is shown. */
  readonly help: boolean;
  /** Whether keys are read. */
  readonly keys: boolean;
}

export const DEFAULT_CHOICES: LiveChoices = { sort: 'failing', help: false, keys: false };
