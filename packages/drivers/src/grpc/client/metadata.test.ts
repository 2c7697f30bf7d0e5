import { expect, test } from '@jest/globals';
import { MetadataLists } from './metadata.js';

test('equal fields give the same frozen list, others do not', () => {
  const lists = new MetadataLists({ tenant: 'a' });
  expect(lists.with(undefined)).toBe(lists.base);
  expect(lists.with(null)).toBe(lists.base);
  expect(lists.with({ n: 1 })).toBe(lists.with({ n: 1 }));
  expect(Object.isFrozen(lists.with({ n: 1 }))).toBe(true);
  expect(lists.with({ tenant: undefined })).toEqual([]);
  expect(lists.with({ tenant: 'undefined' })).toEqual(['tenant', 'undefined']);
  expect(lists.with({ x: 'yz' })).not.toEqual(lists.with({ x: 'y', z: '' }));
  expect(lists.with({ 'a-bin': Buffer.from('1') })).not.toEqual(lists.with({ 'a-bin': Buffer.from('2') }));
});

test('a value replaces earlier ones, ignoring the case of its name; a list repeats the name', () => {
  const lists = new MetadataLists({ Tenant: 'a', plan: 'gold' });
  expect(lists.with({ TENANT: ['b', null, 3] })).toEqual(['tenant', 'b', 'tenant', '3', 'plan', 'gold']);
});

test('whitespace around values is removed, whitespace inside is kept', () => {
  expect(new MetadataLists({ a: ' b  c\t', d: '  ' }).base).toEqual(['a', 'b  c', 'd', '']);
});

test('names that gRPC does not reserve are allowed, even with the prefix grpc-', () => {
  const trace = Buffer.from('t');
  expect(new MetadataLists({ 'grpc-trace-bin': trace, 'grpc-previous-rpc-attempts': 1 }).base).toEqual([
    'grpc-trace-bin',
    trace.toString('base64').replaceAll('=', ''),
    'grpc-previous-rpc-attempts',
    '1',
  ]);
});

test.each([
  ['grpc-timeout', 'metadata: grpc-timeout is reserved for gRPC itself: use another name'],
  ['Content-Type', 'metadata: content-type is reserved for gRPC itself: use another name'],
  ['connection', 'metadata: HTTP/2 does not allow connection: remove it'],
  ['transfer-encoding', 'metadata: HTTP/2 does not allow transfer-encoding: remove it'],
])('%s is rejected with the reason', (name, message) => {
  expect(() => new MetadataLists({ [name]: 'x' })).toThrow(message);
});
