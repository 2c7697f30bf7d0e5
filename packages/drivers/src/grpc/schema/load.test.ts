import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { loadSchema } from './load.js';
import { schemaFromJson, type ProtoSchema } from './schema.js';
import { SchemaError } from './schema-error.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schema-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

function load(paths: string[], includeDirs: string[] = []): ProtoSchema {
  return loadSchema(
    paths.map((path) => join(folder, path)),
    { includeDirs: includeDirs.map((path) => join(folder, path)) },
  );
}

/** Problems without the directory's name. */
function problemsOf(paths: string[]): string[] {
  try {
    load(paths);
  } catch (error) {
    if (error instanceof SchemaError) return error.problems.map((text) => text.replaceAll(`${folder}/`, ''));
    throw error;
  }
  return [];
}

const ACCOUNTS = `
syntax = "proto3";
package bank.v1;
import "common/money.proto";
import "google/protobuf/timestamp.proto";
import "google/api/annotations.proto";
import "google/rpc/status.proto";

message BalancesRequest {
  repeated string account_ids = 1;
  google.protobuf.Timestamp as_of = 2;
}
message Balances {
  repeated common.Money balances = 1;
  google.rpc.Status problem = 2;
  bytes proof = 3;
}
service Accounts {
  rpc GetBalances(BalancesRequest) returns (Balances) { option (google.api.http) = { get: "/v1/balances" }; }
  rpc Watch(BalancesRequest) returns (stream Balances);
  rpc Upload(stream Balances) returns (BalancesRequest);
  rpc Talk(stream Balances) returns (stream Balances);
}
`;
const MONEY = `syntax = "proto3";\npackage common;\nmessage Money { string currency = 1; int64 cents = 2; }`;

describe('.proto files', () => {
  test('are read with imports from their own directory, include directories and Google’s common files', async () => {
    await write({ 'a/accounts.proto': ACCOUNTS, 'include/common/money.proto': MONEY });
    const { methods } = load(['a/accounts.proto'], ['include']).service('bank.v1.Accounts');
    expect([...methods.values()].map(({ name, path, kind }) => [name, path, kind])).toEqual([
      ['GetBalances', '/bank.v1.Accounts/GetBalances', 'unary'],
      ['Watch', '/bank.v1.Accounts/Watch', 'serverStream'],
      ['Upload', '/bank.v1.Accounts/Upload', 'clientStream'],
      ['Talk', '/bank.v1.Accounts/Talk', 'bidiStream'],
    ]);
    expect(methods.get('GetBalances')).toMatchObject({
      requestType: 'bank.v1.BalancesRequest',
      responseType: 'bank.v1.Balances',
    });
  });

  test('may import each other, and the same file twice', async () => {
    await write({
      'a.proto': 'syntax = "proto3"; import "b.proto"; import "c.proto"; message A { B b = 1; C c = 2; }',
      'b.proto': 'syntax = "proto3"; import "a.proto"; import "c.proto"; message B { A a = 1; C c = 2; }',
      'c.proto': 'syntax = "proto3"; message C {}',
    });
    expect(load(['a.proto', 'b.proto']).decoder('B')).toBeDefined();
  });

  test('with several errors report all of them, with file and line', async () => {
    await write({
      'a.proto':
        'syntax = "proto3";\nimport "gone.proto";\nimport "b.proto";\nmessage A {\n  string x = ;\n}\n',
      'b.proto': 'syntax = "proto3";\nmessage B {\n  string x = 1;\n  string y = 1;\n}\n',
      'c.proto': 'syntax = "proto3";\nmessage C {\n  string x = 1;\n',
      'd.proto': 'syntax = "proto3";\nimport "nowhere.proto";\nmessage D {}\n',
    });
    expect(problemsOf(['a.proto', 'b.proto', 'c.proto', 'd.proto', 'e.proto'])).toEqual([
      "a.proto:5: illegal id ';'",
      'b.proto:4: duplicate id 1 in Type B',
      'c.proto:4: the file ends too early',
      expect.stringMatching(/^d\.proto:2: nowhere\.proto was not found; searched for .*nowhere\.proto/),
      'e.proto: there is no such file',
    ]);
  });

  test('with unknown types report each of them with its place', async () => {
    await write({
      'a.proto':
        'syntax = "proto3";\npackage p;\nmessage A {\n  Missing m = 1;\n  map<string, q.Gone> g = 2;\n}\nservice S {\n  rpc Get(Nope) returns (A);\n}\n',
    });
    expect(problemsOf(['a.proto'])).toEqual([
      'a.proto:4: p.A.m: there is no type Missing; is an import missing?',
      'a.proto:5: p.A.g: there is no type q.Gone; is an import missing?',
      'a.proto:8: p.S.Get: there is no type Nope; is an import missing?',
    ]);
  });

  test('an unknown service is reported with the known ones, the most similar first', async () => {
    await write({ 'accounts.proto': ACCOUNTS, 'common/money.proto': MONEY });
    const schema = load(['accounts.proto']);
    expect(() => schema.service('bank.v1.Acounts')).toThrow(
      new TypeError('there is no service bank.v1.Acounts: the schema has bank.v1.Accounts'),
    );
  });
});

describe('protosets', () => {
  test('give the same schema as their sources, even without JSON names and Google’s files', async () => {
    await write({ 'accounts.proto': ACCOUNTS, 'common/money.proto': MONEY });
    const source = load(['accounts.proto']);
    const set = source.root.toDescriptor('proto3') as unknown as DescriptorSet;
    set.file = set.file.filter((file) => !file.package.startsWith('google'));
    for (const file of set.file) {
      file.dependency = ['google/protobuf/timestamp.proto', 'google/rpc/status.proto'];
      for (const { field } of file.messageType) for (const one of field) delete one.jsonName;
    }
    await write({ 'bank.protoset': descriptor.FileDescriptorSet.encode(set).finish() });
    const schema = load(['bank.protoset']);
    const method = schema.service('bank.v1.Accounts').methods.get('GetBalances')!;
    const message = { accountIds: ['a', 'b'], asOf: new Date('2026-01-02T03:04:05Z') };
    const expected = source.service('bank.v1.Accounts').methods.get('GetBalances')!.encode(message);
    expect(method.encode(message)).toEqual(expected);
    expect([...schema.services.get('bank.v1.Accounts')!.methods.values()].map(({ kind }) => kind)).toEqual([
      'unary',
      'serverStream',
      'clientStream',
      'bidiStream',
    ]);
  });

  test('that are invalid or lack a file are rejected, with a fix', async () => {
    const lacking = { file: [{ name: 'a.proto', package: 'a', dependency: ['b.proto'] }] };
    await write({
      'a.pb': descriptor.FileDescriptorSet.encode(lacking).finish(),
      'b.pb': 'no protoset at all',
    });
    expect(problemsOf(['a.pb'])).toEqual([
      expect.stringContaining('a.pb: b.proto is missing. Create the protoset with protoc --include_imports'),
    ]);
    expect(problemsOf(['b.pb', 'c.pb'])).toEqual([
      expect.stringContaining('b.pb: not a protoset (FileDescriptorSet)'),
      'c.pb: there is no such file',
    ]);
  });
});

interface DescriptorSet {
  file: { package: string; dependency: string[]; messageType: { field: { jsonName?: string }[] }[] }[];
}

test.each([
  [
    'proto2',
    'syntax = "proto2"; message M { required string a = 1; optional int32 b = 2 [default = 7]; repeated int32 c = 3; }',
  ],
  ['proto3', 'syntax = "proto3"; message M { string a = 1; optional int32 b = 2; repeated int32 c = 3; }'],
  [
    'edition 2023',
    'edition = "2023"; message M { string a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; repeated int32 c = 3 [features.repeated_field_encoding = EXPANDED]; }',
  ],
])('a schema in %s gives the same bytes after a round trip through JSON', async (_, source) => {
  await write({ 'm.proto': `${source} service S { rpc Get(M) returns (M); }` });
  const here = load(['m.proto']);
  const there = schemaFromJson(JSON.parse(JSON.stringify(here.toJson())) as object);
  const message = { a: 'x', b: 0, c: [1, 2, 300] };
  const [ours, theirs] = [here, there].map((schema) => schema.service('S').methods.get('Get')!);
  const direct = protobuf.parse(source, new protobuf.Root()).root.lookupType('M').encode(message).finish();
  expect(Buffer.from(ours!.encode(message))).toEqual(Buffer.from(direct));
  expect(Buffer.from(theirs!.encode(message))).toEqual(Buffer.from(direct));
  expect(theirs!.decode(direct)).toEqual(ours!.decode(direct));
});

test('decoded bytes do not change when the receive buffer is reused', async () => {
  await write({ 'accounts.proto': ACCOUNTS, 'common/money.proto': MONEY });
  const { encode } = load(['accounts.proto']).service('bank.v1.Accounts').methods.get('Upload')!;
  const { decode } = load(['accounts.proto']).service('bank.v1.Accounts').methods.get('Watch')!;
  const bytes = Buffer.from(encode({ proof: Buffer.from('abc') }));
  const message = decode(bytes) as { proof: Buffer };
  bytes.fill(0);
  expect(message.proof.toString()).toBe('abc');
});
