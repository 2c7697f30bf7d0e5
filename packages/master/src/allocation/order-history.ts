import type { Millis } from '@drumline/model';
import type { Assignment } from '@drumline/wire';

/** The load and its clock. */
export type LoadOrder = Pick<Assignment, 'load' | 'pausedAtMs' | 'pausedMs'>;

/** A changed load is ordered at most this long after the change. */
const ORDERED_WITHIN_MS: Millis = 1_000;
/** Workers do not miss more changes than this. */
const MAX_CHANGES = 100;

/** The changes of the load and of its clock, as far as workers may not know of them. */
export class OrderHistory {
  private changes: readonly { readonly epoch: number; readonly runMs: Millis }[] = [];
  /** The epoch in which workers were first told of the last pause. */
  pauseEpoch = 0;

  /** Records a change. @param runMs when it was ordered */
  add(epoch: number, runMs: Millis, before: LoadOrder, order: LoadOrder): void {
    this.changes = [...this.changes, { epoch, runMs }].slice(-MAX_CHANGES);
    if (order.pausedAtMs !== null && before.pausedAtMs === null) this.pauseEpoch = epoch;
  }

  /** From when on the load differs from that of an epoch, in run time; `Infinity` if never. */
  unknownFromMs(epoch: number): Millis {
    const first = this.changes.find((change) => change.epoch > epoch);
    return first ? first.runMs - ORDERED_WITHIN_MS : Infinity;
  }
}
