import type { EventStream } from '@drumline/drivers';
import type { Sample } from '@drumline/model';

export const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** All events of a stream, until it ends. */
export async function readAll(stream: EventStream): Promise<string[]> {
  const seen: string[] = [];
  for await (const { type, data } of stream) seen.push(`${type} ${data}`);
  return seen;
}

/** A short form of a sample: `sse price /stream passed`, `http GET /stream failed: status 503`. */
export function inShort({ series, outcome, failure }: Sample): string {
  const { protocol, method, name } = series;
  return `${protocol} ${method} ${name} ${outcome}${failure === undefined ? '' : `: ${failure}`}`;
}
