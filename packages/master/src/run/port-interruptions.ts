import { formatDuration, type Millis } from '@drumline/model';
import type { Interruption } from '@drumline/wire';
import type { Notebook } from './notebook.js';

/** This many interruptions within a minute are not accidental. */
const MANY = 5;

/** Reports that the process of the worker port has ended and is started again. */
export class PortInterruptions {
  private count = 0;

  constructor(
    private readonly notes: Notebook,
    private readonly say: (kind: string, line: string) => void,
  ) {}

  /** @param elapsedMs of the run */
  add({ why, count, delayMs }: Interruption, elapsedMs: Millis): void {
    this.count += 1;
    const when = delayMs === 0 ? 'at once' : `in ${formatDuration(delayMs)}`;
    const warning =
      count < MANY
        ? 'Workers reconnect by themselves.'
        : `It has ended ${count} times within a minute. Workers cannot reach the master meanwhile. Check who can reach the port.`;
    this.say(
      'port',
      `The process of the worker port is gone: ${why}. Another one is started ${when}. ${warning}`,
    );
    const times = this.count === 1 ? 'once' : `${this.count} times`;
    this.notes.add(
      'port-interrupted',
      `The process of the worker port had to be replaced ${times}, last at ${formatDuration(elapsedMs)}: ${why}. Workers reconnect by themselves and repeat what was on its way.`,
      'port-interrupted',
    );
  }
}
