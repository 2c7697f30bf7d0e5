import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEvents } from './read-events.js';

const note = fc.record({
  type: fc.constant('note' as const),
  code: fc.string({ unit: 'grapheme' }),
  message: fc.string({ unit: 'grapheme' }),
});

test('events are the same, however the network cuts their bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(note, { maxLength: 5 }),
      fc.constantFrom('\n', '\r\n'),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      async (notes, newline, sizes) => {
        const blocks = notes.map((event, index) => [
          `id: ${index}`,
          'event: note',
          // Data of several lines is joined by line breaks, which JSON ignores.
          ...JSON.stringify(event, null, 1)
            .split('\n')
            .map((line) => `data: ${line}`),
        ]);
        const text = [[': hello'], ...blocks, [': ping']].map(
          (lines) => lines.join(newline) + newline.repeat(2),
        );
        const chunks = cut(new TextEncoder().encode(text.join('')), sizes);
        const received = [];
        for await (const item of readEvents(ReadableStream.from(chunks))) received.push(item);
        expect(received).toEqual(notes.map((event, index) => ({ event, lastId: String(index) })));
      },
    ),
  );
});

function* cut(bytes: Uint8Array, sizes: Iterator<number>): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length;) {
    const size = sizes.next().value as number;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

test('an event that was cut off is dropped, and one that is not JSON is refused', async () => {
  const read = async (text: string): Promise<unknown[]> => {
    const events = [];
    for await (const { event } of readEvents(ReadableStream.from([new TextEncoder().encode(text)])))
      events.push(event);
    return events;
  };
  expect(await read('data: {"type":"note"}\n\ndata: {"type":"no')).toEqual([{ type: 'note' }]);
  await expect(read('data: <html>\n\n')).rejects.toMatchObject({ code: 'not-a-master' });
});

test('silence is a stream that sends nothing, not a reader that takes its time', async () => {
  let isSilent = false;
  const bytes = new TextEncoder().encode('data: {"type":"note"}\n\n');
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.enqueue(bytes);
    },
  });
  const events = readEvents(body, { ms: 20, onSilence: () => (isSilent = true) });
  for (const _ of [1, 2]) {
    await events.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(isSilent).toBe(false);
  void events.next();
  while (!isSilent) await new Promise((resolve) => setTimeout(resolve, 5));
});
