import { messageOf } from '@drumline/model';
import { Publisher, Reply } from 'zeromq';
import { OutputError } from '../../output.js';
import { jsonOf, type EncodedRecord } from '../records/encoded-record.js';
import { RecordRing } from '../records/record-ring.js';
import type { TapRun, TapSink } from '../tap-output.js';
import { answerTo } from './replay.js';

const MAX_KEPT_BYTES = 64 * 1024 * 1024;
/** How long the end of a run waits until subscribers have received the last records. */
const LINGER_MS = 2_000;

/** Where a ZeroMQ tap listens. */
export interface ZmqPlaces {
  /** `tcp://HOST:PORT` or `ipc://PATH`. */
  readonly publish: string;
  /** The same, for requests of earlier records; absent for none. */
  readonly replay?: string;
}

/** Publishes the records. The topic of a record is its type. */
export class ZmqSink implements TapSink {
  private publisher: Publisher | undefined;
  private reply: Reply | undefined;
  private replying: Promise<void> | undefined;
  private records: RecordRing | undefined;
  private runId = '';

  /** @param keep records that wait for a slow subscriber, and those that can be replayed */
  constructor(
    private readonly places: ZmqPlaces,
    private readonly keep: number,
  ) {}

  async check(): Promise<void> {
    const { publish, replay } = this.places;
    this.publisher ??= new Publisher({ sendHighWaterMark: this.keep, linger: LINGER_MS });
    await bind(this.publisher, publish);
    if (replay === undefined) return;
    this.reply = new Reply({ linger: 0 });
    await bind(this.reply, replay);
  }

  async open({ runId, seqBefore }: TapRun): Promise<void> {
    if (!this.publisher) await this.check();
    this.runId = runId;
    this.records ??= new RecordRing(this.keep, MAX_KEPT_BYTES, seqBefore);
    if (this.reply) this.replying ??= this.answerRequests(this.reply, this.records);
  }

  async write(records: readonly EncodedRecord[]): Promise<void> {
    for (const record of records) {
      this.records!.push(record);
      if (record.isRepeated) continue;
      // Never waits: a subscriber that is too slow loses messages.
      await this.publisher!.send([record.type, jsonOf(record)]);
    }
  }

  async close(): Promise<void> {
    this.publisher?.close();
    this.reply?.close();
    await this.replying;
  }

  private async answerRequests(reply: Reply, records: RecordRing): Promise<void> {
    for await (const [request] of reply) await reply.send(answerTo(request, this.runId, records));
  }
}

/** @throws OutputError if the address is in use or invalid */
async function bind(socket: Publisher | Reply, address: string): Promise<void> {
  try {
    await socket.bind(address);
  } catch (error) {
    throw new OutputError(`cannot listen at ${address}: ${messageOf(error)}`, { cause: error });
  }
}
