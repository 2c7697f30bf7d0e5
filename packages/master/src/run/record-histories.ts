import type { Participant } from '../allocation/participant.js';
import type { StoreWriter } from '../store/store-writer.js';

/**
 * The history of a worker is stored once in so many seconds, by turns. The encoding of all of them
 * at once would block the event loop.
 */
const STORED_EVERY_SECONDS = 10;

/**
 * Adds a closed second to the histories of the workers.
 * @param isHeard false: the second passed without a master, so nothing is known of it
 */
export function recordHistories(
  second: number,
  workers: readonly Participant[],
  writer: Pick<StoreWriter, 'changedHistory'>,
  isHeard: boolean,
): void {
  for (const [index, worker] of workers.entries()) {
    const { state, health, isPresent } = worker;
    worker.history.add(second, { state, ...(isHeard && isPresent && health && { health }) });
    if ((second + index) % STORED_EVERY_SECONDS === 0) writer.changedHistory(worker);
  }
}
