import { performance } from 'node:perf_hooks';
import { describe, expect, test } from '@jest/globals';
import { closeAfterEach } from '../../../../../test/contract/support/closing.js';
import { compile, reflection } from '../../../../../test/contract/support/grpc-reflection.js';
import { serveGrpc, type TestMethod } from '../../../../../test/contract/support/grpc-servers.js';
import { closedPort } from '../../../../../test/contract/support/servers.js';
import { createGrpcJsEngine } from '../grpcjs/engine.js';
import { createNativeGrpcEngine } from '../native/engine.js';
import { reflectSchema } from './reflection.js';
import type { ProtoSchema } from './schema.js';

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

  test('a server tells its services, and file after file what they import', async () => {
    const schema = await reflect(await serve(reflection('v1', FILES)));
    expect([...schema.services.keys()].sort()).toEqual(['bank.Accounts', 'bank.Audit']);
    const { encode, kind } = schema.service('bank.Accounts').methods.get('Watch')!;
    expect(kind).toBe('serverStream');
    expect(encode({ accountIds: [1], asOf: new Date(1000) })).toEqual(
      encode({ account_ids: ['1'], as_of: { seconds: 1 } }),
    );
    expect(schema.decoder('common.Money')!(Buffer.from([8, 5]))).toMatchObject({ inCents: { low: 5 } });
  });

  test('one that knows the older version only is asked in that', async () => {
    const calls: string[] = [];
    const schema = await reflect(await serve(reflection('v1alpha', FILES, calls)));
    expect(schema.services.size).toBe(2);
    expect(new Set(calls)).toEqual(new Set(['v1alpha']));
  });

  test('one without reflection is refused with what to do', async () => {
    await expect(reflect(await serve({}))).rejects.toMatchObject({
      exit: 'scenario-invalid',
      message: 'the server does not tell what it serves: it has no reflection service',
      hint: expect.stringContaining('.proto') as unknown,
    });
  });

  test('one that does not know its own files is refused by their names', async () => {
    const origin = await serve(reflection('v1', FILES.slice(0, 1)));
    await expect(reflect(origin)).rejects.toThrow('the server says nothing of common/money.proto');
  });

  test('one that is not there is refused with why', async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    await expect(reflect(origin)).rejects.toThrow(
      /^the server could not be asked what it serves: UNAVAILABLE: .*refused/,
    );
  });
});
