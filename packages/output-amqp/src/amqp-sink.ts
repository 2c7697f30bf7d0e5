import type { EncodedRecord, TapRun, TapSink } from '@drumline/outputs';
import { jsonOf } from '@drumline/outputs';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { amqpError } from './amqp-errors.js';

/** Time for the broker to accept a connection. */
const CONNECT_LIMIT_MS = 8_000;

/** Where records are published. */
export interface AmqpPlace {
  readonly url: string;
  /** A durable topic exchange. It is made if it does not exist. */
  readonly exchange: string;
  readonly heartbeatSeconds: number;
}

/** A connection with its channel. */
interface Opened {
  readonly connection: ChannelModel;
  readonly channel: ConfirmChannel;
}

/**
 * Publishes records to RabbitMQ, and waits until the broker has confirmed them. What was not
 * confirmed is published again over a new connection, so a record can arrive twice.
 */
export class AmqpSink implements TapSink {
  private opened: Opened | undefined;
  private runId = '';
  private confirmedSeq = 0;

  constructor(private readonly place: AmqpPlace) {}

  async check(): Promise<void> {
    await this.ready();
  }

  async open({ runId, seqBefore }: TapRun): Promise<void> {
    this.runId = runId;
    this.confirmedSeq = seqBefore;
    await this.ready();
  }

  async write(records: readonly EncodedRecord[], signal: AbortSignal): Promise<void> {
    const { channel } = await this.ready();
    const unconfirmed = records.filter(({ seq, isRepeated }) => seq > this.confirmedSeq && !isRepeated);
    try {
      await unlessAborted(signal, Promise.all(unconfirmed.map((record) => this.publish(channel, record))));
    } catch (error) {
      // The answers to what was published before would come over this connection.
      await this.disconnect();
      throw amqpError(error);
    }
    this.confirmedSeq = records.at(-1)?.seq ?? this.confirmedSeq;
  }

  async close(): Promise<void> {
    await this.disconnect();
  }

  private async ready(): Promise<Opened> {
    if (this.opened) return this.opened;
    try {
      return (this.opened = await this.connected());
    } catch (error) {
      throw amqpError(error);
    }
  }

  private async connected(): Promise<Opened> {
    const { url, exchange, heartbeatSeconds } = this.place;
    const withHeartbeat = new URL(url);
    withHeartbeat.searchParams.set('heartbeat', String(heartbeatSeconds));
    const connection = await connect(withHeartbeat.href, { timeout: CONNECT_LIMIT_MS });
    // `close` follows.
    connection.on('error', () => {});
    connection.on('close', () => this.lost(connection));
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => {});
      channel.on('close', () => this.lost(connection));
      await channel.assertExchange(exchange, 'topic', { durable: true });
      return { connection, channel };
    } catch (error) {
      connection.close().catch(() => {});
      throw error;
    }
  }

  private lost(connection: ChannelModel): void {
    if (this.opened?.connection === connection) this.opened = undefined;
  }

  private async publish(channel: ConfirmChannel, record: EncodedRecord): Promise<void> {
    const { type, seq, second } = record;
    const { exchange } = this.place;
    const properties = {
      persistent: true,
      contentType: 'application/json',
      messageId: `${this.runId}:${seq}`,
      timestamp: Math.floor(Date.now() / 1_000),
      type,
      appId: 'drumline',
      headers: { run: this.runId, seq, second },
    };
    await new Promise<void>((resolve, reject) => {
      channel.publish(exchange, `${type}.${this.runId}`, jsonOf(record), properties, (error: unknown) =>
        error ? reject(error as Error) : resolve(),
      );
    });
  }

  private async disconnect(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    // A broker that does not answer must not hold the output.
    await Promise.race([
      opened?.connection.close().catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS).unref()),
    ]);
  }
}

const CLOSE_LIMIT_MS = 1_000;

async function unlessAborted<T>(signal: AbortSignal, done: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the broker has not confirmed the records')), {
      once: true,
    });
  });
  return await Promise.race([done, aborted]);
}
