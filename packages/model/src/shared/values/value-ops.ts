// Operations on values that scenarios share by name. Values are JSON text, so that their size is
// known and every process sees the same.

/** The most counters, queues or maps of a run. */
export const MAX_SHARED_NAMES = 1_000;
/** The most characters of a name, or of a key of a map. */
export const MAX_SHARED_NAME_LENGTH = 200;
/** The most bytes of a value as JSON, in UTF-8. */
export const MAX_SHARED_VALUE_BYTES = 16_384;
/** The most values in a queue or in a map. */
export const MAX_SHARED_ENTRIES = 100_000;
/** The most characters of all values of a run. */
export const MAX_SHARED_CHARACTERS = 67_108_864;

/** Why an operation was refused. Nothing has changed. */
export interface SharedRefusal {
  readonly refused: 'names' | 'entries' | 'characters' | 'number';
}

/** Adds to a counter, and asks for its value. */
export interface CounterOp {
  readonly kind: 'counter';
  readonly name: string;
  readonly add: number;
}

export type CounterAnswer = { readonly value: number } | SharedRefusal;

/** Adds a value to the end of a queue, or takes the first one. */
export interface QueueOp {
  readonly kind: 'queue';
  readonly name: string;
  readonly do: 'push' | 'pop' | 'length';
  readonly json?: string | undefined;
  /** Whether the client is told when a value arrives, if there is none to take. */
  readonly waits?: boolean | undefined;
}

export type QueueAnswer = { readonly length: number; readonly json?: string } | SharedRefusal;

/** Reads or changes a value of a map. */
export interface MapOp {
  readonly kind: 'map';
  readonly name: string;
  /**
   * `add`: sets it if there is none. `replace`: sets it if it is `expected`, where null stands for
   * none.
   */
  readonly do: 'get' | 'set' | 'delete' | 'add' | 'replace' | 'size';
  readonly key: string;
  readonly json?: string | undefined;
  readonly expected?: string | null | undefined;
}

export type MapAnswer =
  | {
      /** The value after the operation; absent if there is none. */
      readonly json?: string;
      /** Whether the operation has changed the map. */
      readonly isChanged: boolean;
      readonly size: number;
    }
  | SharedRefusal;

/** What lanes are told about: a queue has got values. */
export function queueKey(name: string): string {
  return `queue/${name}`;
}

/** The most bytes that an operation and its answer take. */
export function valueOpBytes(op: CounterOp | QueueOp | MapOp): number {
  const own = 'json' in op ? (op.json?.length ?? 0) : 0;
  const expected = 'expected' in op ? (op.expected?.length ?? 0) : 0;
  const isRead = op.kind === 'map' ? op.do !== 'set' : op.kind === 'queue' && op.do === 'pop';
  return 3 * (own + expected) + (isRead ? MAX_SHARED_VALUE_BYTES : 0) + MAX_SHARED_NAME_LENGTH;
}
