import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { constants, gunzipSync } from 'node:zlib';
import { lineProblem, TableProblem } from './table-problem.js';

/** Enough bytes to recognize a file. */
const HEAD_BYTES = 4_096;

/** What the first bytes of a file say about it. */
export interface SourceKind {
  readonly isCompressed: boolean;
  /** Undefined for UTF-8, which needs no decoding. */
  readonly decoder: TextDecoder | undefined;
}

/**
 * Recognizes compression and encoding of a file.
 * @param encoding as the scenario declares it
 * @throws TableProblem if the file cannot be what the scenario says
 */
export function sourceKind(path: string, encoding: string | undefined): SourceKind {
  const head = firstBytes(path);
  const isCompressed = head[0] === 0x1f && head[1] === 0x8b;
  if (path.endsWith('.gz') && !isCompressed)
    throw new TableProblem(
      'is not a gzip file',
      'compress it with gzip, or rename it if it is not compressed',
    );
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04)
    throw new TableProblem(
      'is a ZIP archive or a spreadsheet, not text',
      'extract it, or export it as CSV in UTF-8',
    );
  const text = isCompressed ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
  return { isCompressed, decoder: decoderFor(text, encoding) };
}

/** The text of decoded bytes. @throws TableProblem with the line of the first invalid character */
export function decoded(decoder: TextDecoder) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncIterable<string> {
    let line = 1;
    for await (const bytes of source) {
      const text = decode(decoder, bytes, line);
      line += lineBreaks(text);
      yield text;
    }
    yield decode(decoder, undefined, line);
  };
}

/** @param bytes undefined at the end */
function decode(decoder: TextDecoder, bytes: Uint8Array | undefined, line: number): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    const text = new TextDecoder(decoder.encoding).decode(bytes);
    const valid = text.slice(0, Math.max(0, text.indexOf('\uFFFD')));
    throw lineProblem(
      line + lineBreaks(valid),
      `is not ${decoder.encoding.toUpperCase()}`,
      'save the file as UTF-8',
    );
  }
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function decoderFor(head: Uint8Array, encoding: string | undefined): TextDecoder | undefined {
  const marked = markedEncoding(head);
  switch (encoding) {
    case undefined:
    case 'utf8':
      return marked?.startsWith('UTF-16') ? fatalDecoder(marked) : undefined;
    case 'latin1':
      if (marked !== undefined)
        throw new TableProblem(`is ${marked}, as its byte order mark says`, 'remove encoding');
      return new TextDecoder('latin1');
    case 'utf16le':
      if (marked === 'UTF-8' || looksLikeUtf8(head))
        throw new TableProblem('is UTF-8, not UTF-16', 'remove encoding');
      return fatalDecoder(marked ?? 'UTF-16LE');
    default:
      throw new TableProblem(`'${encoding}' is not an encoding`, "use 'utf8', 'utf16le' or 'latin1'");
  }
}

function fatalDecoder(encoding: string): TextDecoder {
  return new TextDecoder(encoding, { fatal: true });
}

function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'UTF-16LE';
  if (first === 0xfe && second === 0xff) return 'UTF-16BE';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'UTF-8' : undefined;
}

/** UTF-16 has zero bytes in every line break. The last character may be cut. */
function looksLikeUtf8(head: Uint8Array): boolean {
  const lines = head.subarray(0, head.lastIndexOf(0x0a) + 1);
  return lines.length > 0 && !lines.includes(0) && isUtf8(lines);
}

function firstBytes(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(HEAD_BYTES);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
