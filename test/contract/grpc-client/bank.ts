import { performance } from 'node:perf_hooks';
import {
  GrpcDriver,
  type GrpcClient,
  type GrpcDriverOptions,
  type GrpcMethod,
  type GrpcSchema,
  type GrpcService,
  type MethodKind,
  type ServiceOptions,
  type ServiceSpec,
} from '@drumline/drivers/grpc';
import type { Sample, SeriesKey } from '@drumline/model';
import {
  bidi,
  clientStream,
  serveGrpc,
  serverStream,
  unary,
  type GrpcServerOptions,
  type GrpcTestServer,
  type TestMethod,
} from '../support/grpc-servers.js';

/** A schema with JSON messages: the client does not depend on their encoding. */
export function jsonSchema(service: string, kinds: Readonly<Record<string, MethodKind>>): GrpcSchema {
  const methods = new Map(Object.entries(kinds).map(([name, kind]) => [name, methodOf(service, name, kind)]));
  const schema = { name: service, methods };
  return {
    services: new Map([[service, schema]]),
    service: () => schema,
    decoder: () => undefined,
    toJson: () => ({}),
  };
}

function methodOf(service: string, name: string, kind: MethodKind): GrpcMethod {
  return {
    name,
    path: `/${service}/${name}`,
    kind,
    requestType: `bank.${name}Request`,
    responseType: `bank.${name}Response`,
    encode: (message) => {
      if ('wrong' in message) throw new TypeError('wrong: there is no such field');
      return Buffer.from(JSON.stringify(message));
    },
    decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as object,
  };
}

export const BANK = jsonSchema('bank.Accounts', {
  Get: 'unary',
  Watch: 'serverStream',
  Deposit: 'clientStream',
  Chat: 'bidiStream',
});

/**
 * `GET` echoes, `Watch` counts up to `count`, `Deposit` returns the number of messages, `Chat`
 * echoes.
 */
const METHODS: Record<string, TestMethod> = {
  '/bank.Accounts/Get': unary((call, reply) => reply(null, call.request)),
  '/bank.Accounts/Watch': serverStream((call) => {
    const { count } = JSON.parse(call.request.toString()) as { count: number };
    for (let i = 0; i < count; i++) call.write(Buffer.from(JSON.stringify({ at: i })));
    call.end();
  }),
  '/bank.Accounts/Deposit': clientStream((call, reply) => {
    let count = 0;
    call.on('data', () => count++);
    call.on('end', () => reply(null, Buffer.from(JSON.stringify({ count }))));
  }),
  '/bank.Accounts/Chat': bidi((call) => {
    call.on('data', (message: Buffer) => call.write(message));
    call.on('end', () => call.end());
  }),
};

/** A lane with one user and a bank. */
export interface Bank {
  readonly driver: GrpcDriver;
  readonly client: GrpcClient;
  readonly server: GrpcTestServer;
  readonly spec: ServiceSpec;
  readonly accounts: GrpcService;
  readonly samples: Sample[];
  readonly lateFailures: string[];
  close(): Promise<void>;
}

export interface BankOptions {
  readonly methods?: Record<string, TestMethod>;
  readonly server?: GrpcServerOptions;
  readonly service?: ServiceOptions;
  readonly driver?: Partial<GrpcDriverOptions>;
  /** Whether the server is the target of the plan instead of the service. */
  readonly planned?: boolean;
}

export async function openBank({
  methods,
  server: serverOptions,
  service,
  driver,
  planned,
}: BankOptions = {}): Promise<Bank> {
  const server = await serveGrpc({ ...METHODS, ...methods }, serverOptions);
  const samples: Sample[] = [];
  const lateFailures: string[] = [];
  const target = { target: server.origin };
  const options = { ...(planned !== true && target), ...service };
  const spec = { schema: BANK, service: 'bank.Accounts', options };
  const lane = await GrpcDriver.open({
    now: () => performance.now(),
    services: [spec],
    ...(planned === true && target),
    onSample: (sample) => samples.push(sample),
    onLateFailure: (series, reason) => lateFailures.push(`${inShort(series)}: ${reason}`),
    ...driver,
  });
  const client = lane.openClient({ user: 'teller' });
  return {
    driver: lane,
    client,
    server,
    spec,
    accounts: client.of(spec),
    samples,
    lateFailures,
    async close() {
      await client.close();
      await lane.close();
      await server.close();
    },
  };
}

/** `unary bank.Accounts/Get` */
export function inShort({ method, name }: SeriesKey): string {
  return `${method} ${name}`;
}

/** `unary bank.Accounts/Get passed`, `… failed: NOT_FOUND` */
export function told({ series, outcome, failure }: Sample): string {
  return `${inShort(series)} ${outcome}${failure === undefined ? '' : `: ${failure}`}`;
}

/** The number of samples of each kind, as `told`. */
export function countsOf(samples: readonly Sample[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of samples.map(told)) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
