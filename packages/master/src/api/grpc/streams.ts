import { eventsRequest, followLogsRequest, logsView, runEventView } from '@drumline/wire';
import type { RunPlane } from '../../service/control-plane.js';
import { followLogs, followRun, type Reader } from './follow.js';
import type { Operation } from './operations.js';

/** A call whose response is a stream, about one run. */
export interface StreamOperation extends Omit<Operation, 'call'> {
  /** @returns a function that ends it */
  readonly follow: (run: RunPlane, after: number | undefined, reader: Reader<never>) => () => void;
}

export const STREAMS: readonly StreamOperation[] = [
  {
    name: 'FollowEvents',
    summary:
      'The events of a run: its state, with `after` the intervals since, then each event as it happens, last the end.',
    rest: 'GET /v1/runs/{id}/events',
    request: ['FollowEventsRequest', eventsRequest],
    response: ['Event', runEventView],
    follow: followRun,
  },
  {
    name: 'FollowLogs',
    summary: 'What the run printed and noted, then each line as it comes, until the run ends.',
    rest: 'GET /v1/runs/{id}/logs',
    request: ['FollowLogsRequest', followLogsRequest],
    response: ['LogLine', logsView.properties.lines.items],
    follow: followLogs,
  },
];
