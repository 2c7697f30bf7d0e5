import type { Failure, Oddity } from '@drumline/drivers';
import { ResponseParser, type ResponseSink } from '../../../packages/drivers/src/h1/parser.js';

/** Bytes after every piece, which the parser must not read. */
const BEHIND = Buffer.from('0\r\n\r\nHTTP/1.1');

/** A parser's output for one response, with the body joined. */
export interface Recorded {
  status?: number;
  statusText?: string;
  rawHeaders?: readonly string[];
  expectedBytes?: number;
  body: string;
  rawTrailers?: readonly string[];
  end: 'complete' | Failure;
  keepAlive: boolean;
  keepAliveLimitMs: number | undefined;
  /** The bytes after the response. */
  leftBytes: number;
  /** Violations of the standard that were accepted; absent if there were none. */
  oddities?: readonly Oddity[];
}

/** Feeds pieces to a new parser, all in the same memory; then the connection ends. */
export function readPieces(pieces: readonly Uint8Array[], method = 'GET', strict = false): Recorded {
  const told: Partial<Recorded> & { body: string } = { body: '' };
  const oddities = new Set<Oddity>();
  let completions = 0;
  const sink: ResponseSink = {
    onHead(head, expectedBytes) {
      const { status, statusText, rawHeaders } = head;
      Object.assign(told, { status, statusText, rawHeaders, expectedBytes });
    },
    onBody: (bytes, start, end) => (told.body += bytes.toString('latin1', start, end)),
    onComplete(rawTrailers) {
      told.rawTrailers = rawTrailers;
      completions++;
    },
    onOddity: (oddity) => oddities.add(oddity),
  };
  const parser = new ResponseParser(sink, strict);
  parser.begin(method);
  const failure = feedAll(parser, pieces);
  const left = typeof failure === 'number' ? failure : 0;
  const fault = typeof failure === 'number' ? parser.finish() : failure;
  if (parser.busy) throw new Error('the parser is busy after the end');
  if (completions !== (fault === undefined ? 1 : 0)) throw new Error(`${completions} completions`);
  const { keepAlive, keepAliveLimitMs } = parser;
  return {
    ...told,
    end: fault ?? 'complete',
    keepAlive,
    keepAliveLimitMs,
    leftBytes: left,
    ...(oddities.size > 0 && { oddities: [...oddities].sort() }),
  };
}

/** @returns how many bytes did not belong to the response, or why it is malformed */
function feedAll(parser: ResponseParser, pieces: readonly Uint8Array[]): number | Failure {
  const shared = Buffer.allocUnsafe(Math.max(0, ...pieces.map(({ length }) => length)) + BEHIND.length);
  let left = 0;
  for (const piece of pieces) {
    if (!parser.busy) {
      left += piece.length;
      continue;
    }
    shared.set(piece);
    shared.set(BEHIND, piece.length);
    const used = parser.feed(shared, piece.length);
    if (used > piece.length) throw new Error(`read ${used} of ${piece.length} bytes`);
    if (used === -1) return parser.failure!;
    left += piece.length - used;
    // Overwrite the memory, as another socket would reuse it.
    shared.fill(0, 0, piece.length);
  }
  return left;
}

/** A response in one piece. @param text one character for each byte */
export function read(text: string, method?: string, strict?: boolean): Recorded {
  return readPieces([Buffer.from(text, 'latin1')], method, strict);
}

/** A response in pieces of this many bytes. */
export function readInPieces(text: string, pieceBytes: number, method?: string, strict?: boolean): Recorded {
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return readPieces(pieces, method, strict);
}
