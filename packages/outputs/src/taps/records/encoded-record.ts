import type { TapRecord } from '@drumline/wire';

/** A record as a line of JSON. */
export interface EncodedRecord {
  readonly type: TapRecord['type'];
  readonly seq: number;
  readonly second: number;
  /** UTF-8, with the end of the line. */
  readonly line: Buffer;
  readonly record: TapRecord;
  /** Another master has shown it before. */
  readonly isRepeated: boolean;
}

export function encodeRecord(record: TapRecord, isRepeated = false): EncodedRecord {
  const { type, seq, second } = record;
  return { type, seq, second, line: Buffer.from(`${JSON.stringify(record)}\n`), record, isRepeated };
}

/** The JSON of a record without the end of the line. */
export function jsonOf({ line }: EncodedRecord): Buffer {
  return line.subarray(0, line.length - 1);
}
