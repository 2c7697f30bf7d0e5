import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { MetadataView } from '../grpc/client/received-metadata.js';
import { ResponseHeaders } from './response-headers.js';

describe('headers and metadata can be printed', () => {
  const headers = new ResponseHeaders([
    'Content-Type',
    'text/plain',
    'Vary',
    'a',
    'vary',
    'b',
    'Set-Cookie',
    'x=1',
  ]);

  test('headers as JSON, as an object and in a log', () => {
    const expected = { 'content-type': 'text/plain', vary: 'a, b', 'set-cookie': ['x=1'] };
    expect(JSON.parse(JSON.stringify(headers))).toEqual(expected);
    expect(JSON.stringify(new ResponseHeaders([]))).toBe('{}');
    expect(inspect(headers)).toContain("'content-type': 'text/plain'");
  });

  test('headers can be iterated like the web’s Headers', () => {
    const seen: string[] = [];
    headers.forEach((value, name) => seen.push(`${name}: ${value}`));
    expect(seen).toEqual(['content-type: text/plain', 'vary: a, b', 'set-cookie: x=1']);
    expect([...(headers.values() as IterableIterator<string>)]).toEqual(['text/plain', 'a, b', 'x=1']);
  });

  test('gRPC metadata as JSON and in a log', () => {
    const metadata = new MetadataView(['a', '1', 'b', '2', 'a', '3']);
    expect(JSON.stringify(metadata)).toBe('{"a":["1","3"],"b":"2"}');
    expect(inspect(metadata)).toContain("b: '2'");
  });
});
