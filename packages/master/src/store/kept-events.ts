import { WINDOW_BLOCK_SECONDS, type PlacedEvent } from '@drumline/stats';

/** Blocks of ten seconds that are kept at most, for an output whose service is down. */
const MOST_BLOCKS = 12;

/** Which events are to be kept from now on. */
export interface KeptEvents {
  /** Events to add. */
  readonly events: readonly PlacedEvent[];
  /** Earlier ones are no longer needed. Absent if nothing changes. */
  readonly from?: number;
}

/**
 * Chooses the events that another master needs, so that outputs lack nothing and get nothing twice.
 * They begin after a block of ten seconds, because some outputs write such blocks.
 */
export class EventKeeper {
  private fresh: PlacedEvent[] = [];
  /** Positions of the last second of each block. */
  private readonly blockEnds: number[] = [];

  add(placed: PlacedEvent): void {
    const { event, position } = placed;
    this.fresh.push(placed);
    if (event.type === 'closed' && event.number % WINDOW_BLOCK_SECONDS === 0) this.blockEnds.push(position);
  }

  /**
   * What has changed since the last call; undefined if nothing has.
   * @param sent position through which all outputs have sent
   */
  take(sent: number): KeptEvents | undefined {
    const { fresh, blockEnds } = this;
    let from: number | undefined;
    while (blockEnds.length > 0 && (blockEnds[0]! <= sent || blockEnds.length > MOST_BLOCKS))
      from = blockEnds.shift();
    if (fresh.length === 0 && from === undefined) return undefined;
    this.fresh = [];
    return { events: fresh, ...(from !== undefined && { from }) };
  }
}
