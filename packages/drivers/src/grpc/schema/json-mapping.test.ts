// The JSON form of messages, both ways: https://protobuf.dev/programming-guides/json
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { GrpcMethod } from '../schema-contract.js';
import { loadSchema } from './load.js';
import { messageToJson } from './message-json.js';
import { schemaFromJson, type ProtoSchema } from './schema.js';

const PROTO = `syntax = "proto2";
package t;
import "google/protobuf/any.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/wrappers.proto";
message M {
  optional int32 small = 1;
  optional uint64 big = 2;
  optional double real = 3;
  optional string snake_case = 4;
  optional string a_1 = 5;
  optional string b__c = 6;
  optional string named = 7 [json_name = "otherName"];
  optional google.protobuf.Value value = 8;
  optional google.protobuf.Struct struct = 9;
  optional google.protobuf.ListValue list = 10;
  repeated google.protobuf.Value values = 11;
  oneof choice { google.protobuf.NullValue none = 12; string some = 13; }
  optional google.protobuf.Timestamp at = 14;
  optional google.protobuf.Duration took = 15;
  optional google.protobuf.FieldMask mask = 16;
  optional google.protobuf.Int64Value wrapped = 17;
  optional google.protobuf.Any any = 18;
  map<int64, string> by_long = 19;
  map<uint64, M> by_unsigned = 20;
  map<bool, int32> by_bool = 21;
  optional bytes raw = 22;
  optional M inner = 23;
  extensions 100 to 200;
}
extend M { optional int32 ext_one = 100; }
message Scope { extend M { repeated M in_ner = 101; } }
service S { rpc Echo(M) returns (M); }`;

/** What protoc 7.36 makes of it: `protoc --descriptor_set_out=m.pb m.proto`. */
const PROTOSET =
  'CsIKCgdtLnByb3RvEgF0Ghlnb29nbGUvcHJvdG9idWYvYW55LnByb3RvGhxnb29nbGUvcHJvdG9idWYvc3RydWN0LnByb3RvGh9n' +
  'b29nbGUvcHJvdG9idWYvdGltZXN0YW1wLnByb3RvGh5nb29nbGUvcHJvdG9idWYvZHVyYXRpb24ucHJvdG8aIGdvb2dsZS9wcm90' +
  'b2J1Zi9maWVsZF9tYXNrLnByb3RvGh5nb29nbGUvcHJvdG9idWYvd3JhcHBlcnMucHJvdG8ikwgKAU0SFAoFc21hbGwYASABKAVS' +
  'BXNtYWxsEhAKA2JpZxgCIAEoBFIDYmlnEhIKBHJlYWwYAyABKAFSBHJlYWwSHQoKc25ha2VfY2FzZRgEIAEoCVIJc25ha2VDYXNl' +
  'Eg8KA2FfMRgFIAEoCVICYTESEAoEYl9fYxgGIAEoCVICYkMSGAoFbmFtZWQYByABKAlSCW90aGVyTmFtZRIsCgV2YWx1ZRgIIAEo' +
  'CzIWLmdvb2dsZS5wcm90b2J1Zi5WYWx1ZVIFdmFsdWUSLwoGc3RydWN0GAkgASgLMhcuZ29vZ2xlLnByb3RvYnVmLlN0cnVjdFIG' +
  'c3RydWN0Ei4KBGxpc3QYCiABKAsyGi5nb29nbGUucHJvdG9idWYuTGlzdFZhbHVlUgRsaXN0Ei4KBnZhbHVlcxgLIAMoCzIWLmdv' +
  'b2dsZS5wcm90b2J1Zi5WYWx1ZVIGdmFsdWVzEjAKBG5vbmUYDCABKA4yGi5nb29nbGUucHJvdG9idWYuTnVsbFZhbHVlSABSBG5v' +
  'bmUSFAoEc29tZRgNIAEoCUgAUgRzb21lEioKAmF0GA4gASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcFICYXQSLQoEdG9v' +
  'axgPIAEoCzIZLmdvb2dsZS5wcm90b2J1Zi5EdXJhdGlvblIEdG9vaxIuCgRtYXNrGBAgASgLMhouZ29vZ2xlLnByb3RvYnVmLkZp' +
  'ZWxkTWFza1IEbWFzaxI1Cgd3cmFwcGVkGBEgASgLMhsuZ29vZ2xlLnByb3RvYnVmLkludDY0VmFsdWVSB3dyYXBwZWQSJgoDYW55' +
  'GBIgASgLMhQuZ29vZ2xlLnByb3RvYnVmLkFueVIDYW55EikKB2J5X2xvbmcYEyADKAsyEC50Lk0uQnlMb25nRW50cnlSBmJ5TG9u' +
  'ZxI1CgtieV91bnNpZ25lZBgUIAMoCzIULnQuTS5CeVVuc2lnbmVkRW50cnlSCmJ5VW5zaWduZWQSKQoHYnlfYm9vbBgVIAMoCzIQ' +
  'LnQuTS5CeUJvb2xFbnRyeVIGYnlCb29sEhAKA3JhdxgWIAEoDFIDcmF3EhoKBWlubmVyGBcgASgLMgQudC5NUgVpbm5lcho5CgtC' +
  'eUxvbmdFbnRyeRIQCgNrZXkYASABKANSA2tleRIUCgV2YWx1ZRgCIAEoCVIFdmFsdWU6AjgBGkMKD0J5VW5zaWduZWRFbnRyeRIQ' +
  'CgNrZXkYASABKARSA2tleRIaCgV2YWx1ZRgCIAEoCzIELnQuTVIFdmFsdWU6AjgBGjkKC0J5Qm9vbEVudHJ5EhAKA2tleRgBIAEo' +
  'CFIDa2V5EhQKBXZhbHVlGAIgASgFUgV2YWx1ZToCOAEqBQhkEMkBQggKBmNob2ljZSIqCgVTY29wZTIhCgZpbl9uZXISBC50Lk0Y' +
  'ZSADKAsyBC50Lk1SBWluTmVyMhcKAVMSEgoERWNobxIELnQuTRoELnQuTTodCgdleHRfb25lEgQudC5NGGQgASgFUgZleHRPbmU=';

let folder: string;
let schemas: Map<string, GrpcMethod>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'json-'));
  await writeFile(join(folder, 'm.proto'), PROTO);
  const parsed = loadSchema([join(folder, 'm.proto')]);
  await writeFile(join(folder, 'm.pb'), Buffer.from(PROTOSET, 'base64'));
  const echoOf = (schema: ProtoSchema): GrpcMethod => schema.service('t.S').methods.get('Echo')!;
  schemas = new Map([
    ['.proto file', echoOf(parsed)],
    ['protoset', echoOf(loadSchema([join(folder, 'm.pb')]))],
    ['schema from JSON', echoOf(schemaFromJson(JSON.parse(JSON.stringify(parsed.toJson())) as object))],
  ]);
});
afterAll(() => rm(folder, { recursive: true }));

const ALL = ['.proto file', 'protoset', 'schema from JSON'];

/** What is sent, and what is printed of it where that is something else. */
const CASES: readonly [what: string, sent: object, printed?: object][] = [
  ['numbers', { small: -1, big: '18446744073709551615', real: 1.5 }],
  ['numbers as strings', { small: '12', big: '1e3', real: '2.50' }, { small: 12, big: '1000', real: 2.5 }],
  ['not a number', { real: 'NaN' }],
  ['names of the file', { snake_case: 'a', by_bool: { true: 1 } }, { snakeCase: 'a', byBool: { true: 1 } }],
  ['names with digits and twice an underscore', { a1: 'x', bC: 'y' }],
  ['a JSON name set in the file', { otherName: 'x' }],
  ['its name in the file', { named: 'x' }, { otherName: 'x' }],
  ['null, which is an absent field', { small: null, inner: null, at: null }, {}],
  ['null, which is a value', { value: null, values: [null, 1], none: null }],
  ['an empty object as a value', { value: {}, struct: {}, list: [] }],
  ['values of every kind', { values: [1, 'a', true, [1, [2]], { a: { b: null } }] }],
  ['objects whose keys look like fields', { value: { stringValue: 'x' }, struct: { fields: { a: 1 } } }],
  ['well-known types', { at: '2026-01-02T03:04:05.600Z', took: '1.500s', mask: 'a,bC', wrapped: '7' }],
  ['maps with 64-bit keys', { byLong: { '1': 'a', '-1': 'b', '12345678': 'c', '9007199254740993': 'd' } }],
  ['maps of messages', { byUnsigned: { '18446744073709551615': { small: 1 }, '0': {} } }],
  ['extensions', { '[t.ext_one]': 5, '[t.Scope.in_ner]': [{ small: 1 }, {}] }],
  ['an Any', { any: { '@type': 'type.googleapis.com/t.M', small: 1 } }],
  [
    'an Any of a well-known type',
    { any: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '3s' } },
  ],
  ['bytes', { raw: '_-8=' }, { raw: '/+8=' }],
];

describe.each(ALL)('by a %s', (source) => {
  test.each(CASES)('%s', (_, sent, printed = sent) => {
    const { encode, decode } = schemas.get(source)!;
    const message = decode(encode(sent));
    expect(messageToJson(message)).toEqual(printed);
    expect(JSON.parse(JSON.stringify(message))).toEqual(printed);
    const bytes = Buffer.from(encode(sent));
    expect(Buffer.from(encode(messageToJson(message) as object))).toEqual(bytes);
    expect(Buffer.from(encode(message))).toEqual(bytes);
  });

  test('an Any of an unknown type is printed as its fields, without affecting other fields', () => {
    const { encode, decode } = schemas.get(source)!;
    const any = { typeUrl: 'x/unknown.Type', value: Buffer.from('abc') };
    const bytes = encode({ at: new Date(0), value: { a: 1 }, any, inner: { any }, values: [null] });
    const json = messageToJson(decode(bytes));
    expect(json).toEqual({
      at: '1970-01-01T00:00:00Z',
      value: { a: 1 },
      any: UNKNOWN,
      inner: { any: UNKNOWN },
      values: [null],
    });
    expect(Buffer.from(encode(json as object))).toEqual(Buffer.from(bytes));
  });
});

const UNKNOWN = { type_url: 'x/unknown.Type', value: 'YWJj' };

test('messages look the same in JavaScript for every source of a schema', () => {
  const sent = { snakeCase: 'a', a1: 'b', bC: 'c', otherName: 'd', '[t.ext_one]': 5, byLong: { '12': 'x' } };
  const keys = ALL.map((source) => {
    const { encode, decode } = schemas.get(source)!;
    return Object.keys(decode(encode(sent))).sort();
  });
  expect(keys[0]).toEqual(
    expect.arrayContaining(['.t.extOne', 'a_1', 'b_C', 'byLong', 'named', 'snakeCase']),
  );
  expect(new Set(keys.map((each) => each.join()))).toHaveProperty('size', 1);
});

test.each<[string, object]>([
  ['a number with a space', { small: ' 1' }],
  ['a number that is too large', { small: '2147483648' }],
  ['a fraction', { small: '1.5' }],
  ['an empty text', { real: '' }],
  ['a key that is not a number', { byLong: { x: 'a' } }],
  ['a key of eight characters', { byLong: { '\0\0\0\0\0\0\0\u0001': 'a' } }],
  ['null in a map of messages', { byUnsigned: { '1': null } }],
])('%s is rejected', (_, message) => {
  expect(() => schemas.get('.proto file')!.encode(message)).toThrow(TypeError);
});
