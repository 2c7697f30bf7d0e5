import type { IntervalEvent } from '@drumline/stats';
import type { Output } from '../output.js';
import type { GeneratedRun } from './intervals.js';

/**
 * Gives a run to an output as the thread does, one batch after the other, and ends it. Does not
 * close the output.
 * @param isDropped whether a batch is lost, by its place
 */
export async function feed(
  output: Output,
  { run, events }: Pick<GeneratedRun, 'run' | 'events'>,
  isDropped: (index: number) => boolean = () => false,
): Promise<void> {
  const { signal } = new AbortController();
  let index = 0;
  const send = async (batch: unknown, position?: number): Promise<void> => {
    if (batch !== undefined && !isDropped(index++)) await output.send(batch, signal, position);
  };
  await output.check?.();
  await output.open(run);
  for (const [at, event] of events.entries()) await send(batchOf(output, event, at + 1), at + 1);
  await send(output.event?.({ type: 'note', code: 'load-changed', message: 'The load was changed.' }));
  await send(output.end?.({}));
}

function batchOf(output: Output, event: IntervalEvent, position: number): unknown {
  switch (event.type) {
    case 'closed':
      return output.interval(event, position);
    case 'corrected':
      return output.correction(event, position);
    case 'reset':
      return output.reset?.(event, position);
  }
}
