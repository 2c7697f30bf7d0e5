import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import {
  bidi,
  clientStream,
  serveGrpc,
  serverStream,
  unary,
  type GrpcServerOptions,
  type GrpcTestServer,
} from '../contract/support/grpc-servers.js';
import { compile, reflection } from '../contract/support/grpc-reflection.js';

const PROTOS = fileURLToPath(new URL('../scenarios/protos/', import.meta.url));

/** `bank.Accounts` of `test/scenarios/protos`, with counts and reflection. */
export interface Bank extends GrpcTestServer {
  /** Calls by caller (metadata `who`) and method: `reader GetBalances`. */
  readonly calls: ReadonlyMap<string, number>;
  /** The metadata `traceparent` of calls that had it. */
  readonly traces: readonly string[];
  /** Number of calls that the caller has cancelled. */
  readonly cancelled: number;
}

interface Metadata {
  get(name: string): (string | Buffer)[];
}

export async function serveBank(options?: GrpcServerOptions): Promise<Bank> {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => (target.startsWith('/') ? target : `${PROTOS}${target}`);
  root.loadSync('bank/accounts.proto');
  const [Ids, Balances, Money] = ['bank.Ids', 'bank.Balances', 'money.Money'].map((name) =>
    root.lookupType(name),
  );
  const money = (cents: number): Buffer => Buffer.from(Money!.encode({ cents }).finish());
  const idsOf = (bytes: Uint8Array): number[] =>
    (Ids!.decode(bytes) as unknown as { ids: number[] }).ids.map(Number);
  const files = ['bank/money.proto', 'bank/accounts.proto'];
  const sources = Object.fromEntries(files.map((name) => [name, readFileSync(`${PROTOS}${name}`, 'utf8')]));
  const calls = new Map<string, number>();
  const traces: string[] = [];
  let cancelled = 0;
  const count = ({ metadata }: { metadata: Metadata }, method: string): void => {
    const key = `${String(metadata.get('who')[0] ?? '')} ${method}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
    traces.push(...metadata.get('traceparent').map(String));
  };
  const server = await serveGrpc(
    {
      ...reflection('v1', compile(sources)),
      '/bank.Accounts/GetBalances': unary((call, answer) => {
        count(call, 'GetBalances');
        const balances = idsOf(call.request).map((cents) => ({ cents }));
        if (balances.length === 0) answer({ code: status.NOT_FOUND, details: 'no account was named' });
        else answer(null, Buffer.from(Balances!.encode({ balances }).finish()));
      }),
      '/bank.Accounts/Watch': serverStream((call) => {
        count(call, 'Watch');
        const [cents = 0] = idsOf(call.request);
        for (let i = 0; i < 5; i += 1) call.write(money(cents));
        call.end();
      }),
      '/bank.Accounts/Deposit': clientStream((call, answer) => {
        count(call, 'Deposit');
        let cents = 0;
        call.on('data', (bytes: Buffer) => {
          cents += Number(String((Money!.decode(bytes) as unknown as { cents: unknown }).cents));
        });
        call.on('end', () => answer(null, money(cents)));
      }),
      '/bank.Accounts/Audit': bidi((call) => {
        count(call, 'Audit');
        call.on('data', (bytes: Buffer) => call.write(money(idsOf(bytes)[0]!)));
        call.on('end', () => call.end());
      }),
      '/bank.Accounts/Hang': unary((call) => {
        count(call, 'Hang');
        call.on('cancelled', () => (cancelled += 1));
      }),
    },
    options,
  );
  return Object.defineProperties(server as Bank, {
    calls: { get: () => calls },
    traces: { get: () => traces },
    cancelled: { get: () => cancelled },
  });
}
