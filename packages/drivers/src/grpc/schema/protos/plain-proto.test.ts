import { describe, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import { markGroups, plainProto } from './plain-proto.js';

function parse(text: string): protobuf.Root {
  const root = new protobuf.Root();
  protobuf.parse(plainProto(text), root);
  markGroups(root);
  root.resolveAll();
  return root;
}

describe('syntax that protoc accepts is read', () => {
  test.each<[string, string]>([
    ['a value in angle brackets', 'message M { string a = 1 [(rule) = { inner: < a: "x;]}>" > }]; }'],
    [
      'a list of values',
      'message M { string a = 1 [(rule) = { all: [ < a: 1 >, { b: 2; } ] }, deprecated = true]; }',
    ],
    ['strings in several parts', `option (o) = { a: "x"\n  'y' };message M { string a = 1; }`],
    [
      'a value on several lines, with comments',
      'option (o) = {\n // }\n a: 1 /* ; */\n};\nmessage M { string a = 1; }',
    ],
    ['names with a leading dot', 'option (a).(.b.c).d = 5; message M { string a = 1; }'],
    [
      'options of a method',
      'service S { rpc Get(M) returns (M) { option (http) = { get: "/{a=*}" }; } } message M { string a = 1; }',
    ],
    [
      'options of an enum value',
      'enum E { ZERO = 0 [(o) = -1.5e3, (p).q = "a,b"]; } message M { string a = 1; }',
    ],
    [
      'options of a range',
      'message M { extensions 5 to max [declaration = { number: 5, full_name: ".x" }]; optional string a = 1; }',
    ],
    ['comments next to words', 'message/* a */M/**/{ string/**/a = 1;// end\n}'],
    [
      'a field called option, and one called group',
      'message M { optional string option = 2; optional string group = 3; optional string a = 1; }',
    ],
    [
      'extensions of a name with a leading dot',
      'extend .M { optional int32 x = 101; } message M { extensions 100 to 200; optional string a = 1; }',
    ],
  ])('%s', (_, text) => {
    const syntax = text.includes('optional') || text.includes('extensions') ? 'proto2' : 'proto3';
    expect(parse(`syntax = "${syntax}"; ${text}`).lookupType('M').fields).toHaveProperty('a');
  });

  test('standard options are kept', () => {
    const { fields } = parse(
      'syntax = "proto2"; message M { optional string a_b = 1 [(o) = {x: 1}, json_name = "other", default = "it\\"s"]; }',
    ).lookupType('M');
    expect(fields['aB']).toMatchObject({ jsonName: 'other', defaultValue: 'it"s' });
  });
});

describe('groups', () => {
  const GROUPS = `syntax = "proto2";
message M {
  oneof pick { string text = 1; group InOneof = 2 [(o) = { a: 1 }] { optional string key = 1; /* } */ } int32 n = 5; }
  repeated group Many = 3 { optional int32 id = 1; optional group Deep = 2 { optional bool yes = 1; } }
  extensions 100 to 200;
}
extend M { optional group Extra = 101 {
    // a comment
    optional string key = 1;
  } }`;

  test('are encoded as groups in every position', () => {
    const root = parse(GROUPS);
    const type = root.lookupType('M');
    const message = { inoneof: { key: 'k' }, many: [{ id: 1, deep: { yes: true } }], '.extra': { key: 'e' } };
    const bytes = Buffer.from(type.encode(message).finish());
    // 0x13 and 0x14 begin and end group 2, 0x1b and 0x1c group 3, 0xab06 and 0xac06 group 101.
    expect(bytes.toString('hex')).toBe('130a016b141b0801130801141cab060a0165ac06');
    expect(type.toObject(type.decode(bytes))).toEqual(message);
    expect(type.oneofs['pick']!.oneof).toEqual(['text', 'inoneof', 'n']);
  });

  test('do not change line numbers', () => {
    expect(plainProto(GROUPS).split('\n')).toHaveLength(GROUPS.split('\n').length);
    expect(() => parse(`${GROUPS}\nmessage Broken { string = 1; }`)).toThrow(/line 11/);
  });
});

test.each([
  'message M { option (',
  'message M { string a = 1 [(',
  'oneof x { group G = 1 {',
  '"',
  '/*',
  '}}',
  '',
])('a truncated text is left to the parser: %s', (text) => {
  expect(typeof plainProto(text)).toBe('string');
});
