/**
 * The last event that a reader has. It is `INTERVAL.EVENT` as a text: intervals have numbers of
 * their own, which programs may use alone.
 */
export interface EventPlace {
  /** Number of its last interval; 0 for none. */
  readonly interval: number;
  /** Number of its last event of another kind; undefined if it wants none of those repeated. */
  readonly event?: number | undefined;
}

/** Reads the id of an event, or the number of an interval. @returns undefined if it is neither */
export function parseEventPlace(id: string): EventPlace | undefined {
  const [, interval, event] = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(id) ?? [];
  if (interval === undefined) return undefined;
  return { interval: Number(interval), ...(event !== undefined && { event: Number(event) }) };
}

export function eventIdOf({ interval, event }: EventPlace): string {
  return event === undefined ? String(interval) : `${interval}.${event}`;
}
