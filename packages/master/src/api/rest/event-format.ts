import type { LogLine, RunEventView } from '@drumline/wire';

export type Send = (text: string) => void;

/** The id is in the head of the event, so its data need not repeat it. */
export function encodeEvent({ eventId, ...event }: RunEventView): string {
  const id = eventId === undefined ? '' : `id: ${eventId}\n`;
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function encodeLine(line: LogLine): string {
  return `id: ${line.number}\nevent: line\ndata: ${JSON.stringify(line)}\n\n`;
}
