import { expect, test } from '@jest/globals';
import { errorDetailsOf } from './error-details.js';
import { ERROR_DETAILS_PROTO, STATUS_PROTO } from './protos/rpc.js';
import { rootOfTexts } from './protos/root-of-texts.js';
import { ProtoSchema } from './schema.js';

const OWN = 'syntax = "proto3"; package bank; message Frozen { string since = 1; }';
const root = rootOfTexts(STATUS_PROTO, ERROR_DETAILS_PROTO, OWN);

function trailersWith(details: { type: string; value: object }[]): string[] {
  const status = {
    code: 9,
    message: 'no',
    details: details.map(({ type, value }) => ({
      type_url: `type.googleapis.com/${type}`,
      value: root.lookupType(type).encode(value).finish(),
    })),
  };
  const bytes = Buffer.from(root.lookupType('google.rpc.Status').encode(status).finish());
  return [
    'x',
    'grpc-status-details-bin',
    'grpc-status-details-bin',
    bytes.toString('base64').replace(/=+$/, ''),
  ];
}

test('details of google.rpc and of the schema are decoded; others have only a type', () => {
  const trailers = trailersWith([
    {
      type: 'google.rpc.ErrorInfo',
      value: { reason: 'ACCOUNT_FROZEN', domain: 'bank', metadata: { id: '7' } },
    },
    {
      type: 'google.rpc.BadRequest',
      value: { fieldViolations: [{ field: 'ids', description: 'too many' }] },
    },
    { type: 'google.rpc.RetryInfo', value: { retryDelay: { seconds: 3 } } },
    { type: 'bank.Frozen', value: { since: '2026' } },
  ]);
  const known = JSON.parse(JSON.stringify(errorDetailsOf(trailers, new ProtoSchema(root)))) as object;
  expect(known).toEqual([
    {
      type: 'google.rpc.ErrorInfo',
      value: { reason: 'ACCOUNT_FROZEN', domain: 'bank', metadata: { id: '7' } },
    },
    {
      type: 'google.rpc.BadRequest',
      value: { fieldViolations: [{ field: 'ids', description: 'too many' }] },
    },
    { type: 'google.rpc.RetryInfo', value: { retryDelay: '3s' } },
    { type: 'bank.Frozen', value: { since: '2026' } },
  ]);
  expect(errorDetailsOf(trailers).at(-1)).toEqual({ type: 'bank.Frozen', value: undefined });
});

test.each([
  ['no trailer', ['x', 'y']],
  ['a trailer that is not a status', ['grpc-status-details-bin', 'AAAA']],
  ['a trailer that is not base64', ['grpc-status-details-bin', '%%%']],
])('%s gives no details', (_, trailers) => {
  expect(errorDetailsOf(trailers)).toEqual([]);
});
