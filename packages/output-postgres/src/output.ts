import type { Output, OutputEnd, OutputRun, ResumedRun } from '@drumline/outputs';
import type { IntervalClosed, IntervalCorrected, IntervalsReset } from '@drumline/stats';
import type { RunEventView } from '@drumline/wire';
import type pg from 'pg';
import { connect, withClient, type Address } from './connection/connect.js';
import { failureOf } from './connection/failure.js';
import { migrate } from './schema/migrate.js';
import { requireRights } from './schema/rights.js';
import { RunWriter, type BatchNumber, type Change } from './write/run-writer.js';

interface Batch extends BatchNumber {
  readonly change: Change;
}

/** Writes a run to a database. It has one connection, which is opened again after a failure. */
export class PostgresOutput implements Output<Batch> {
  private client: pg.Client | undefined;
  private writer: RunWriter | undefined;
  private batches = 0;

  constructor(private readonly address: Address) {}

  async check(): Promise<void> {
    const { schema } = this.address;
    await withClient(this.address, async (client) => {
      await migrate(client, schema);
      await requireRights(client, schema);
    });
  }

  async open(run: OutputRun): Promise<void> {
    this.writer ??= new RunWriter(this.address.schema, run);
    await withClient(this.address, (client) => this.writer!.begin(client));
  }

  async written(_run: ResumedRun, sent: number): Promise<number> {
    return (await withClient(this.address, (client) => this.writer!.written(client))) ?? sent;
  }

  interval(second: IntervalClosed, position: number): Batch {
    return { position, change: second };
  }

  correction(second: IntervalCorrected, position: number): Batch {
    return { position, change: second };
  }

  reset(_reset: IntervalsReset, position: number): Batch {
    return { position, change: { type: 'reset' } };
  }

  event(event: RunEventView): Batch | undefined {
    const { type } = event;
    // The seconds are written from what was counted in them.
    if (type === 'interval' || type === 'correction') return undefined;
    const at = 'at' in event ? event.at : new Date().toISOString();
    return this.batch({ type: 'event', at, kind: type, data: event });
  }

  end({ result }: OutputEnd): Batch | undefined {
    return result && this.batch({ type: 'end', result });
  }

  async send({ change, ...number }: Batch, signal: AbortSignal): Promise<void> {
    const client = (this.client ??= await connect(this.address));
    const abort = (): void => this.disconnect();
    signal.addEventListener('abort', abort);
    try {
      signal.throwIfAborted();
      await this.writer!.write(client, number, change);
    } catch (error) {
      // Nothing is known about the state of the connection.
      this.disconnect();
      throw failureOf(error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }

  private batch(change: Change): Batch {
    this.batches += 1;
    return { number: this.batches, change };
  }

  /** Also interrupts a query. */
  private disconnect(): void {
    const { client } = this;
    this.client = undefined;
    if (client === undefined) return;
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    void client.end().catch(() => {});
  }
}
