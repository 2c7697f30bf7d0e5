import type { SendSide } from './send-side.js';

/**
 * Sends a message after the other, until there are no more or the call has ended.
 * @throws what the messages or their encoding throw
 */
export async function upload<Message>(
  messages: Iterable<Message> | AsyncIterable<Message>,
  encode: (message: Message) => Uint8Array,
  to: SendSide,
): Promise<void> {
  for await (const message of messages) {
    if (to.closed) return;
    const room = to.send(encode(message));
    if (room !== undefined) await room;
    if (to.closed) return;
  }
  to.end();
}
