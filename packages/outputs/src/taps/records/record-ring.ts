import type { EncodedRecord } from './encoded-record.js';

/** Keeps the newest records, up to a number and a size. */
export class RecordRing {
  private readonly records: EncodedRecord[] = [];
  private bytes = 0;

  /**
   * @param newestSeq the number of the last record that was made before, by another master
   */
  constructor(
    private readonly maxRecords: number,
    private readonly maxBytes: number,
    private newestSeq = 0,
  ) {}

  /** The number of the newest record, also if it is not kept. */
  get newest(): number {
    return this.newestSeq;
  }

  /** Adds a record, unless it was added before. */
  push(record: EncodedRecord): void {
    if (record.seq <= this.newestSeq) return;
    this.newestSeq = record.seq;
    this.records.push(record);
    this.bytes += record.line.length;
    // The newest record is kept, however large it is.
    while (this.records.length > 1 && (this.records.length > this.maxRecords || this.bytes > this.maxBytes))
      this.bytes -= this.records.shift()!.line.length;
  }

  /** The first record after a number; undefined if there is none. */
  after(seq: number): EncodedRecord | undefined {
    if (seq >= this.newestSeq) return undefined;
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.records[middle]!.seq > seq) high = middle;
      else low = middle + 1;
    }
    return this.records[low];
  }
}
