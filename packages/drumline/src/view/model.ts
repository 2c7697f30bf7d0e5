import type { StatsView, StatusView, TimelinePoint, WorkerView } from '@drumline/wire';

/** What a running load test looks like at one instant; made from the master's API. */
export interface LiveModel extends Pick<
  StatsView,
  'current' | 'totals' | 'series' | 'errors' | 'checks' | 'exceptions'
> {
  readonly status: StatusView;
  readonly workers: readonly WorkerView[];
  /** The last minute, second by second, the newest last. */
  readonly seconds: readonly Pick<TimelinePoint, 'requests' | 'failures' | 'exceptions'>[];
}

/** In which order series are shown. */
export const SORT_ORDERS = ['failing', 'slow', 'busy', 'name'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

/** What a person has chosen to see. */
export interface LiveChoices {
  readonly sort: SortOrder;
  /** Whether the list of keys is open. */
  readonly help: boolean;
  /** Whether keys are listened to. */
  readonly keys: boolean;
}

export const DEFAULT_CHOICES: LiveChoices = { sort: 'failing', help: false, keys: false };
