import { formatDuration, type Millis } from '@drumline/model';
import type { Interruption } from '@drumline/wire';
import type { NoteCollector } from './note-collector.js';

/** Notes how often the link process of the worker port was restarted during a run. */
export class PortInterruptions {
  private count = 0;

  constructor(private readonly notes: Pick<NoteCollector, 'add'>) {}

  /** @param elapsedMs of the run */
  add({ why }: Interruption, elapsedMs: Millis): void {
    this.count += 1;
    const times = this.count === 1 ? 'once' : `${this.count} times`;
    this.notes.add(
      'port-interrupted',
      `The link process of the worker port restarted ${times}, last at ${formatDuration(elapsedMs)}: ${why}. Workers reconnect automatically and resend what was in transit.`,
      'port-interrupted',
    );
  }
}
