import type { SendSide } from './send-side.js';

/** @throws TypeError before the call starts if the messages cannot be read */
export function requireIterable(messages: unknown, label: string): void {
  if (typeof messages === 'object' && messages !== null) {
    if (Symbol.iterator in messages || Symbol.asyncIterator in messages) return;
  }
  throw new TypeError(`${label}: the messages must be an array or another iterable`);
}

/**
 * Sends messages one after the other, until the last one or the end of the call.
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
