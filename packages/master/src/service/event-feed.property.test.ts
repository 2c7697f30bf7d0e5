import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IntervalView, RunEventView, StatusView, TimelinePoint } from '@drumline/wire';
import { EventFeed } from './event-feed.js';
import { parseEventPlace } from './event-place.js';
import { missedEvents } from './missed-events.js';
import { RunLog, type StoredLine } from './run-log.js';

const interval = (number: number): IntervalView => {
  return { type: 'interval', number, point: {} as TimelinePoint, status: {} as StatusView };
};

/** A run that is executed by one master after the other. */
class FollowedRun {
  private log = new RunLog();
  private lines: StoredLine[] = [];
  private emit!: (event: RunEventView) => void;
  private feed!: EventFeed;
  private closed = 0;
  private notes = 0;

  constructor(private readonly reader: (event: RunEventView) => void) {
    this.begin();
  }

  /** Another master continues, with what is on the disk. */
  begin(): void {
    this.log = new RunLog();
    this.log.restore(this.lines);
    this.log.follow((line) => void this.lines.push(JSON.parse(JSON.stringify(line)) as StoredLine));
    const events = { subscribe: (emit: (event: RunEventView) => void) => ((this.emit = emit), () => {}) };
    const before = this.closed;
    this.feed = new EventFeed(events, this.log, () => before);
    this.feed.subscribe(this.reader);
  }

  close(): void {
    this.closed += 1;
    this.emit(interval(this.closed));
  }

  /** Closing a second causes a note, and readers get the interval after it. */
  noteAndClose(): void {
    this.closed += 1;
    this.note();
    this.emit(interval(this.closed));
  }

  note(): void {
    this.notes += 1;
    this.emit({ type: 'note', code: 'paused', message: String(this.notes) });
  }

  missed(id: string): RunEventView[] {
    const place = parseEventPlace(id)!;
    const count = this.closed - place.interval;
    const intervals = Array.from({ length: count }, (_, index) => interval(place.interval + index + 1));
    return missedEvents(place, { corrections: [], intervals, lines: this.log.eventsAfter(place.event!) });
  }

  get lastId(): string {
    return this.feed.lastId;
  }
}

test('after any event, and over any restarts, a reader gets exactly those that it has missed', () => {
  const acts = fc.array(fc.constantFrom('close', 'noteAndClose', 'note', 'begin'), { maxLength: 40 });
  fc.assert(
    fc.property(acts, (all) => {
      const sent: RunEventView[] = [];
      const run = new FollowedRun((event) => sent.push(event));
      const begin = run.lastId;
      for (const act of all) run[act]();
      expect(run.missed(begin)).toEqual(sent);
      for (const [index, { eventId }] of sent.entries())
        expect(run.missed(eventId!)).toEqual(sent.slice(index + 1));
    }),
  );
});

test('ids are numbers of an interval and of another event', () => {
  expect(parseEventPlace('12')).toEqual({ interval: 12 });
  expect(parseEventPlace('0.1796000000000')).toEqual({ interval: 0, event: 1_796_000_000_000 });
  for (const malformed of ['', 'x', '-1', '1.', '.5', '1.2.3', '1e3', '9'.repeat(20)])
    expect(parseEventPlace(malformed)).toBeUndefined();
});
