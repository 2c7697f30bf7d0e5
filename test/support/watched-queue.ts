import { connect } from 'amqplib';
import type { TapRecord } from '@drumline/wire';

const QUEUE = 'watched';

/** A durable queue that receives all records. */
export async function watch(url: string): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.assertExchange('drumline', 'topic', { durable: true });
  await channel.assertQueue(QUEUE, { durable: true });
  await channel.bindQueue(QUEUE, 'drumline', '#');
  await connection.close();
}

interface Received {
  readonly record: TapRecord;
  readonly key: string;
  readonly messageId: unknown;
  readonly isPersistent: boolean;
}

/** The messages of the queue, without those that arrived twice. */
export async function received(url: string): Promise<Received[]> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const all = new Map<unknown, Received>();
  for (;;) {
    const message = await channel.get(QUEUE, { noAck: true });
    if (message === false) break;
    const { properties, fields, content } = message;
    const { messageId } = properties as { messageId: unknown };
    if (all.has(messageId)) continue;
    const record = JSON.parse(content.toString()) as TapRecord;
    all.set(messageId, {
      record,
      key: fields.routingKey,
      messageId,
      isPersistent: properties.deliveryMode === 2,
    });
  }
  await connection.close();
  return [...all.values()];
}
