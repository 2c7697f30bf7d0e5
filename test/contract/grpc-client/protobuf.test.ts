import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadSchema, type GrpcService } from '@drumline/drivers/grpc';
import { Metadata } from '@grpc/grpc-js';
import { closeAfterEach } from '../support/closing.js';
import { serverStream, unary } from '../support/grpc-servers.js';
import { openBank, told, type Bank } from './bank.js';

const closeAfter = closeAfterEach();
const SCHEMA = loadSchema([fileURLToPath(new URL('ledger.proto', import.meta.url))]);

async function openLedger(): Promise<Bank & { readonly ledger: GrpcService }> {
  const bank = await closeAfter(
    openBank({
      methods: {
        '/bank.Ledger/Echo': unary((call, reply) => reply(null, call.request)),
        '/bank.Ledger/Follow': serverStream((call) => {
          for (let i = 0; i < 3; i++) call.write(call.request);
          call.end();
        }),
        '/bank.Ledger/Refuse': unary((call, reply) => {
          const metadata = new Metadata();
          metadata.set('grpc-status-details-bin', call.request);
          reply({ code: 9, details: 'no', metadata });
        }),
      },
    }),
  );
  const ledger: GrpcService = bank.client.of({
    schema: SCHEMA,
    service: 'bank.Ledger',
    options: { target: bank.server.origin },
  });
  return { ...bank, ledger };
}

test('messages of a .proto file are sent and received', async () => {
  const { ledger, samples } = await openLedger();
  const { message } = await ledger.call('Echo', { account: 'a', cents: 9_007_199_254_740_993n, ids: [1] });
  expect(message).toMatchObject({ account: 'a', ids: [1] });
  expect(String(message.cents)).toBe('9007199254740993');
  const seen: string[] = [];
  for await (const entry of ledger.stream('Follow', { account: 'b' })) seen.push(entry.account);
  expect(seen).toEqual(['b', 'b', 'b']);
  expect(samples).toHaveLength(5);
});

test('the error for a wrong field has its path', async () => {
  const { ledger, samples } = await openLedger();
  await expect(ledger.call('Echo', { ids: [1, 'x'] })).rejects.toThrow(/^bank\.Ledger\/Echo: .*ids\[1\]/);
  await expect(ledger.call('Echo', { acount: 'a' })).rejects.toThrow(/acount/);
  expect(samples).toEqual([]);
});

test('rich error details are decoded, and their reason is part of the failure', async () => {
  const { ledger, samples } = await openLedger();
  const { bytes: info } = ledger.encoded('Inform', { reason: 'ACCOUNT_FROZEN', domain: 'bank' });
  const { bytes: frozen } = ledger.encoded('Freeze', { since: '2026' });
  const details = [
    { type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value: info },
    { type_url: 'type.googleapis.com/bank.Frozen', value: frozen },
  ];
  const reply = await ledger.call('Refuse', { code: 9, message: 'no', details });
  expect(reply.failure).toBe('FAILED_PRECONDITION: ACCOUNT_FROZEN');
  expect(reply.errorDetails).toMatchObject([
    { type: 'google.rpc.ErrorInfo', value: { reason: 'ACCOUNT_FROZEN', domain: 'bank' } },
    { type: 'bank.Frozen', value: { since: '2026' } },
  ]);
  expect(samples.map(told)).toEqual(['unary bank.Ledger/Refuse failed: FAILED_PRECONDITION: ACCOUNT_FROZEN']);
});
