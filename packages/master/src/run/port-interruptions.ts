import { formatDuration, type Millis } from '@drumline/model';
import type { Interruption } from '@drumline/wire';
import type { NoteCollector } from './note-collector.js';

/** More interruptions within a minute than this point to an attack or a fault. */
const MANY = 5;

/** Reports that the link process ended and was restarted. */
export class PortInterruptions {
  private count = 0;

  constructor(
    private readonly notes: NoteCollector,
    private readonly log: (kind: string, line: string) => void,
  ) {}

  /** @param elapsedMs of the run */
  add({ why, count, delayMs }: Interruption, elapsedMs: Millis): void {
    this.count += 1;
    const when = delayMs === 0 ? 'at once' : `in ${formatDuration(delayMs)}`;
    const warning =
      count < MANY
        ? 'Workers reconnect automatically.'
        : `It has ended ${count} times within a minute. Workers cannot reach the master until it runs again. Check which peers can reach the port.`;
    this.log('port', `The link process of the worker port ended: ${why}. It restarts ${when}. ${warning}`);
    const times = this.count === 1 ? 'once' : `${this.count} times`;
    this.notes.add(
      'port-interrupted',
      `The link process of the worker port restarted ${times}, last at ${formatDuration(elapsedMs)}: ${why}. Workers reconnect automatically and resend what was in transit.`,
      'port-interrupted',
    );
  }
}
