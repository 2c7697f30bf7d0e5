import { describe, expect, test } from '@jest/globals';
import { ODDITIES } from '../engine/oddities.js';
import { ReceivedHeaders } from './received-headers.js';

const STATUS = [':status', '200'];

describe('whitespace around header values', () => {
  test.each([
    ['at the end', 'x-powered-by', 'Framework ', 'Framework'],
    ['at the beginning', 'x', '\t a', 'a'],
    ['around it', 'x', ' a b \t', 'a b'],
    ['and nothing else', 'x', ' \t ', ''],
    ['around a length', 'content-length', ' 12 ', '12'],
  ])('%s are removed and reported; in strict mode they are malformed', (_, name, value, read) => {
    for (const first of [STATUS, []]) {
      const headers = new ReceivedHeaders([...first, 'a', 'b', name, value, 'c', 'd']);
      expect(headers).toMatchObject({ fault: undefined, oddity: ODDITIES.valueWhitespace });
      expect(headers.rawHeaders).toEqual(['a', 'b', name, read, 'c', 'd']);
      expect(headers.header(name)).toBe(read);
    }
    expect(new ReceivedHeaders([...STATUS, name, value], true).fault).toBe(
      'a header value with whitespace around it',
    );
  });

  test('a length among them counts', () => {
    expect(new ReceivedHeaders([...STATUS, 'content-length', ' 12 ']).contentLength).toBe(12);
  });

  test('are part of a gRPC status message', () => {
    const headers = new ReceivedHeaders(['grpc-status', '9', 'grpc-message', ' words '], true);
    expect(headers).toMatchObject({ fault: undefined, oddity: undefined });
    expect(headers.header('grpc-message')).toBe(' words ');
  });

  test('do not excuse other forbidden characters', () => {
    for (const value of [' a\0 ', '\r\n', 'a\n ']) {
      expect(new ReceivedHeaders([...STATUS, 'x', value]).fault).toBe(
        'a forbidden character in a header value',
      );
    }
    expect(new ReceivedHeaders([...STATUS, 'x', 'a b']).oddity).toBeUndefined();
  });
});
