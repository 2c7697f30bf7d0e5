import { describe, expect, test } from '@jest/globals';
import { EventParser, type ParsedEvent } from './parser.js';

function parse(text: string | Uint8Array, parser = new EventParser()): ParsedEvent[] {
  const events: ParsedEvent[] = [];
  parser.push(typeof text === 'string' ? Buffer.from(text) : text, (event) => events.push(event));
  return events;
}

const message = (data: string, id = ''): ParsedEvent => ({ type: 'message', data, id });

describe('the examples of the standard (HTML, 9.2.6)', () => {
  test('several lines of data', () => {
    expect(parse('data: YHOO\ndata: +2\ndata: 10\n\n')).toEqual([message('YHOO\n+2\n10')]);
  });

  test('a comment, an id, an id that is reset, and a leading space that is kept', () => {
    const stream =
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n';
    expect(parse(stream)).toEqual([
      message('first event', '1'),
      message('second event'),
      message(' third event'),
    ]);
  });

  test('empty data, and an event cut off by the end of the stream', () => {
    expect(parse('data\n\ndata\ndata\n\ndata:')).toEqual([message(''), message('\n')]);
  });

  test('one space after the colon is ignored', () => {
    expect(parse('data:test\n\ndata: test\n\n')).toEqual([message('test'), message('test')]);
  });
});

test('types, unknown fields, and an event without data, which is ignored', () => {
  expect(parse('event: price\ndata: 7\nfoo: bar\n\nevent: lost\n\nevent:\ndata: 8\n\nData: 9\n\n')).toEqual([
    { type: 'price', data: '7', id: '' },
    message('8'),
  ]);
});

test('a byte order mark is removed only at the beginning', () => {
  expect(parse('\u{FEFF}data: a\n\n\u{FEFF}data: b\n\ndata: c\n\n')).toEqual([message('a'), message('c')]);
});

test('invalid UTF-8 is replaced', () => {
  expect(parse(Buffer.from([...Buffer.from('data: '), 0xff, 0x0a, 0x0a]))).toEqual([message('\u{FFFD}')]);
});

test('an id with a NUL is ignored; an id counts once its event is complete', () => {
  const parser = new EventParser('7');
  expect(parse('id: 8\0\ndata: a\n\n', parser)).toEqual([message('a', '7')]);
  parse('id: 9\n', parser);
  expect(parser.lastEventId).toBe('7');
  parse('\n', parser);
  expect(parser.lastEventId).toBe('9');
});

test('retry accepts only digits', () => {
  const parser = new EventParser();
  const retry = (value: string): number | undefined => {
    parse(`retry: ${value}\n`, parser);
    return parser.retryMs;
  };
  expect(['1e3', '-1', '1.5', '', '٣'].map(retry)).toEqual(Array(5).fill(undefined));
  expect([retry('0250'), retry('soon'), retry('0')]).toEqual([250, 250, 0]);
});

test('an event that ends with CR does not wait for the LF that may follow', () => {
  const parser = new EventParser();
  expect(parse('data: a\r\r', parser)).toEqual([message('a')]);
  expect(parse('\ndata: b\r\n\r', parser)).toEqual([message('b')]);
  expect(parse('\n', parser)).toEqual([]);
  expect(parse('data: c\n\n', parser)).toEqual([message('c')]);
});
