import { RequestError } from '@drumline/model';
import { eventsRequest, followLogsRequest, logsView, runEventView } from '@drumline/wire';
import type { RunPlane } from '../../service/control-plane.js';
import { parseEventPlace } from '../../service/event-place.js';
import { followLogs, followRun, type Reader } from '../../service/follow.js';
import type { Operation } from './operations.js';

/** A call whose response is a stream, about one run. */
export interface StreamOperation extends Omit<Operation, 'call'> {
  /** @returns a function that ends it */
  readonly follow: (run: RunPlane, after: After, reader: Reader<never>) => () => void;
}

/** What a reader has. */
interface After {
  /** Number of the last interval, or of the last line. */
  readonly after?: number;
  /** Id of the last event. */
  readonly afterEvent?: string;
}

export const STREAMS: readonly StreamOperation[] = [
  {
    name: 'FollowEvents',
    summary:
      'The events of a run: its state, with `after_event` everything since, then each event as it happens, last the end.',
    rest: 'GET /v1/runs/{id}/events',
    request: ['FollowEventsRequest', eventsRequest],
    response: ['Event', runEventView],
    follow: (run, { after, afterEvent = '' }, reader) => {
      const place = afterEvent === '' ? undefined : parseEventPlace(afterEvent);
      if (afterEvent !== '' && !place)
        throw new RequestError('argument-invalid', 'after_event must be the event_id of an event');
      return followRun(run, place ?? (after === undefined ? undefined : { interval: after }), reader);
    },
  },
  {
    name: 'FollowLogs',
    summary: 'What the run printed and noted, then each line as it comes, until the run ends.',
    rest: 'GET /v1/runs/{id}/logs',
    request: ['FollowLogsRequest', followLogsRequest],
    response: ['LogLine', logsView.properties.lines.items],
    follow: (run, { after }, reader) => followLogs(run, after, reader),
  },
];
