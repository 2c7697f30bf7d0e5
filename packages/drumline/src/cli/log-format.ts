import { stripVTControlCharacters } from 'node:util';

/** How the command writes what it prints. */
export const logFormatOption = {
  choices: ['text', 'json'],
  default: 'text',
  requiresArg: true,
  group: 'Output:',
  describe: 'json: one JSON object a line, with time, level, message and run, for log collectors',
} as const;

/** A line of the log in JSON. */
interface JsonLine {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  /** Id of the run that the line is about, or its beginning. */
  readonly run?: string;
}

let onlyRun: string | undefined;

/** Names the run of all lines that do not name one: the command has only this run. */
export function setLoggedRun(id: string): void {
  onlyRun = id;
}

/**
 * From now on, this process writes JSON objects to its outputs, one for each text that it prints. A
 * live view is never shown.
 * @param streams those that contain no data, such as a result on the standard output
 */
export function writeLogsAsJson(streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (text: string, done?: () => void) => boolean;
    let waiting = '';
    Object.defineProperty(stream, 'isTTY', { value: false });
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
      waiting += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      if (!waiting.endsWith('\n')) return write('', done);
      const text = waiting;
      waiting = '';
      return write(jsonLineOf(text, new Date()), done);
    }) as typeof stream.write;
  }
}

const LEVELS: Readonly<Record<string, JsonLine['level']>> = {
  'warning: ': 'warn',
  'error: ': 'error',
  'internal error: ': 'error',
};

/** A printed text as a line of JSON. Lines of a service begin with their run: `[3f2a9c01] …`. */
export function jsonLineOf(printed: string, now: Date): string {
  const text = stripVTControlCharacters(printed).trim();
  const [, run = onlyRun, rest] = /^(?:\[([0-9a-f]{8})\] )?([^]*)$/.exec(text)!;
  const [prefix, level] = Object.entries(LEVELS).find(([start]) => rest!.startsWith(start)) ?? ['', 'info'];
  const message = rest!.slice(prefix.length);
  const line: JsonLine = { time: now.toISOString(), level, message, ...(run !== undefined && { run }) };
  return message === '' ? '' : `${JSON.stringify(line)}\n`;
}
