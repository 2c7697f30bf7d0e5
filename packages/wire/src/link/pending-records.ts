import { Fifo } from './pipe/fifo.js';
import { recordBytes } from './pipe/records.js';

/** A record that is waiting for room in the pipe. */
interface PendingRecord {
  readonly type: number;
  readonly peer: string;
  readonly body: Uint8Array;
}

const MAX_BYTES = 256 * 1024 * 1024;

/** Records for the link process that wait for room in the pipe. Urgent ones are sent first. */
export class PendingRecords {
  private readonly urgent = new Fifo<PendingRecord>();
  private readonly others = new Fifo<PendingRecord>();
  private bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  /** Queues a record. Records beyond the limit are dropped; the protocol resends what matters. */
  push(record: PendingRecord, isUrgent: boolean): void {
    const bytes = recordBytes(record.peer, record.body);
    if (this.bytes + bytes > this.maxBytes) return;
    this.bytes += bytes;
    (isUrgent ? this.urgent : this.others).push(record);
  }

  shift(): PendingRecord | undefined {
    const record = (this.urgent.length > 0 ? this.urgent : this.others).shift();
    if (record) this.bytes -= recordBytes(record.peer, record.body);
    return record;
  }

  clear(): void {
    while (this.shift());
  }
}
