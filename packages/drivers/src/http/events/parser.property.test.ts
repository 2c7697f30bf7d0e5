import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventParser, type ParsedEvent } from './parser.js';

/** The standard's rules, applied to a whole stream. */
function reference(stream: string): ParsedEvent[] {
  const lines = stream.replace(/^\u{FEFF}/u, '').split(/\r\n|\r|\n/);
  lines.pop();
  const events: ParsedEvent[] = [];
  let [type, data, id] = ['', '', ''];
  for (const line of lines) {
    if (line === '') {
      if (data !== '') events.push({ type: type || 'message', data: data.slice(0, -1), id });
      [type, data] = ['', ''];
      continue;
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/su.exec(line)!;
    if (name === 'event') type = value!;
    if (name === 'data') data += `${value}\n`;
    if (name === 'id' && !value!.includes('\0')) id = value!;
  }
  return events;
}

const PIECES = ['data', 'event', 'id', 'retry', ':', ': ', ' ', 'x', 'ä€😀', '\0', '\u{FEFF}', '7'];
const LINE_ENDS = ['\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n'];
const piece = fc.constantFrom(...PIECES, ...LINE_ENDS);

test('a stream gives the same events wherever it is split', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.nat(200)), (pieces, cuts) => {
      const stream = pieces.join('');
      const bytes = Buffer.from(stream);
      const parser = new EventParser();
      const events: ParsedEvent[] = [];
      const ends = [...cuts, bytes.length].filter((at) => at <= bytes.length).sort((a, b) => a - b);
      let start = 0;
      for (const end of ends) {
        parser.push(bytes.subarray(start, end), (event) => events.push(event));
        start = end;
      }
      expect(events).toEqual(reference(stream));
    }),
    { numRuns: 500 },
  );
});
