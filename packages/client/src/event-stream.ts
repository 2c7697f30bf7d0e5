import type { RunEventView } from '@drumline/wire';

/** Reads server-sent events with JSON data. Skips comments and events without data. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<RunEventView> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      if (data !== '') yield JSON.parse(data) as RunEventView;
    }
  }
}
