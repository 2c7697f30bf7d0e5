import { performance } from 'node:perf_hooks';
import { describe, expect, test } from '@jest/globals';
import { closeAfterEach } from '../../../../../test/contract/support/closing.js';
import { compile, reflection } from '../../../../../test/contract/support/grpc-reflection.js';
import { serveGrpc, type TestMethod } from '../../../../../test/contract/support/grpc-servers.js';
import { closedPort } from '../../../../../test/contract/support/servers.js';
import { createGrpcJsEngine } from '../grpcjs/engine.js';
import { createNativeGrpcEngine } from '../native/engine.js';
import { reflectSchema } from './reflection.js';
import { schemaFromJson, type ProtoSchema } from './schema.js';

const FILES = compile({
  'bank/accounts.proto': `syntax = "proto3"; package bank;
import "common/money.proto";
import "google/protobuf/timestamp.proto";
message Query { repeated int64 account_ids = 1; google.protobuf.Timestamp as_of = 2; }
message Balances { repeated common.Money balances = 1; }
service Accounts { rpc Get(Query) returns (Balances); rpc Watch(Query) returns (stream Balances); }
service Audit { rpc Check(Query) returns (Balances); }`,
  'common/money.proto': `syntax = "proto3"; package common; message Money { int64 in_cents = 1; }`,
});

const ENGINES = { native: createNativeGrpcEngine, 'grpc-js': createGrpcJsEngine } as const;

describe.each(Object.entries(ENGINES))('over the engine %s', (_, createEngine) => {
  const reflect = async (origin: string): Promise<ProtoSchema> =>
    await reflectSchema(() => createEngine({ origin, now: () => performance.now() }));
  const closing = closeAfterEach();
  const serve = async (methods: Record<string, TestMethod>): Promise<string> =>
    (await closing(serveGrpc(methods))).origin;

  test('reads the services of a server and all files that they import', async () => {
    const schema = await reflect(await serve(reflection('v1', FILES)));
    expect([...schema.services.keys()].sort()).toEqual(['bank.Accounts', 'bank.Audit']);
    const { encode, kind } = schema.service('bank.Accounts').methods.get('Watch')!;
    expect(kind).toBe('serverStream');
    expect(encode({ accountIds: [1], asOf: new Date(1000) })).toEqual(
      encode({ account_ids: ['1'], as_of: { seconds: 1 } }),
    );
    expect(schema.decoder('common.Money')!(Buffer.from([8, 5]))).toMatchObject({ inCents: { low: 5 } });
  });

  test('a server that supports only the older version is read with it', async () => {
    const calls: string[] = [];
    const schema = await reflect(await serve(reflection('v1alpha', FILES, calls)));
    expect(schema.services.size).toBe(2);
    expect(new Set(calls)).toEqual(new Set(['v1alpha']));
  });

  test('a server without reflection is an error, with a fix', async () => {
    await expect(reflect(await serve({}))).rejects.toMatchObject({
      exit: 'scenario-invalid',
      message: 'the services cannot be listed: the server has no reflection service',
      hint: expect.stringContaining('.proto') as unknown,
    });
  });

  test('a missing file disables only the methods that need it', async () => {
    const files = compile({
      'shop.proto': `syntax = "proto3"; package shop; import "gone.proto"; import "gone-too.proto";
message Id { int64 id = 1; }
message Holder { Inner inner = 1; message Inner { gone.Thing thing = 1; } }
service Good { rpc Get(Id) returns (Id); rpc Bad(Id) returns (Holder); }
service Bad { rpc Get(Holder) returns (Id); }`,
      'gone.proto': 'syntax = "proto3"; package gone; message Thing { int64 id = 1; }',
    });
    const schema = await reflect(await serve(reflection('v1', files.slice(0, 1))));
    expect([...schema.service('shop.Good').methods.keys()]).toEqual(['Get']);
    expect(() => schema.service('shop.Bad')).toThrow(
      'shop.Bad cannot be used: Get cannot be used: there is no type gone.Thing; the server does not have the file gone.proto; the server does not have the file gone-too.proto',
    );
    expect(schema.unusable.get('shop.Good')).toEqual([
      'Bad cannot be used: there is no type gone.Thing',
      'the server does not have the file gone.proto',
      'the server does not have the file gone-too.proto',
    ]);
    const there = schemaFromJson(JSON.parse(JSON.stringify(schema.toJson())) as object);
    expect([...there.service('shop.Good').methods.keys()]).toEqual(['Get']);
  });

  test('two files with the same name and different declarations are both used', async () => {
    const file = (scope: string) =>
      compile({
        'a.proto': `syntax = "proto3"; package ${scope}; message M { string text = 1; } service S { rpc Get(M) returns (M); }`,
      });
    const schema = await reflect(await serve(reflection('v1', [...file('one'), ...file('two')])));
    expect([...schema.services.keys()].sort()).toEqual(['one.S', 'two.S']);
  });

  test('a missing file is reported only for the services that import it', async () => {
    const files = compile({
      'a.proto':
        'syntax = "proto3"; package a; import "gone.proto"; service S { rpc Get(gone.Thing) returns (gone.Thing); }',
      'b.proto':
        'syntax = "proto3"; package b; import "lost.proto"; message M {} service S { rpc Get(M) returns (lost.Thing); rpc Good(M) returns (M); }',
      'gone.proto': 'syntax = "proto3"; package gone; message Thing { int64 id = 1; }',
      'lost.proto': 'syntax = "proto3"; package lost; message Thing { int64 id = 1; }',
    }).filter(({ name }) => /^[ab]/.test(name!));
    const { unusable } = await reflect(await serve(reflection('v1', files)));
    expect([...unusable]).toEqual([
      ['a.S', [expect.any(String), 'the server does not have the file gone.proto']],
      ['b.S', [expect.any(String), 'the server does not have the file lost.proto']],
    ]);
  });

  test('a service that is listed but not described does not affect the others', async () => {
    const schema = await reflect(await serve(reflection('v1', FILES, [], { listed: ['ghost.Service'] })));
    expect([...schema.services.keys()].sort()).toEqual(['bank.Accounts', 'bank.Audit']);
    expect(() => schema.service('ghost.Service')).toThrow('does not describe it');
  });

  test('a server that ends the call at an unknown name is asked for one name at a time', async () => {
    const options = { listed: ['ghost.Service'], endsAtUnknown: true };
    const schema = await reflect(await serve(reflection('v1', FILES, [], options)));
    expect([...schema.services.keys()].sort()).toEqual(['bank.Accounts', 'bank.Audit']);
  });

  test('a server without usable services is an error, with the reasons', async () => {
    const origin = await serve(reflection('v1', FILES.slice(0, 1)));
    await expect(reflect(origin)).rejects.toThrow(
      /bank\.Accounts: Get cannot be used: there is no type common\.Money.*common\/money\.proto/s,
    );
  });

  test('an unreachable server is an error, with the reason', async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    await expect(reflect(origin)).rejects.toThrow(
      /^reading the services by reflection failed: UNAVAILABLE: .*refused/,
    );
  });
});
