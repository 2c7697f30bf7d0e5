import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition, Metadata, type Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

export const CONTROL_PROTO = fileURLToPath(new URL('../../packages/drumline/control.proto', import.meta.url));

/** A message of the control API, whose names are as in REST. */
export type Message = Record<string, unknown>;

/** What a call of the control API failed with. */
export interface CallFailure {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
}

interface CallOptions {
  readonly token?: string | undefined;
  readonly deadlineMs?: number;
}

interface Stream extends AsyncIterable<Message> {
  cancel(): void;
}

/** A client that is generated from control.proto, as users make it. */
export class ControlClient implements Disposable {
  readonly #client: Client;

  /** @param ca the authority of the server's certificate; without one, the server has none */
  constructor(address: string, ca?: string) {
    const loaded = loadPackageDefinition(
      loadSync(CONTROL_PROTO, { longs: Number, oneofs: true, defaults: true }),
    );
    const { Control } = (loaded as unknown as { drumline: { control: { v1: { Control: typeof Client } } } })
      .drumline.control.v1;
    this.#client = new Control(
      address,
      ca === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(ca)),
    );
  }

  /** @throws CallFailure */
  call(name: string, request: Message = {}, options: CallOptions = {}): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.#method(name)(
        request,
        metadataOf(options),
        deadlineOf(options),
        (error: ServiceError | null, message: Message) => {
          if (error) reject(failureOf(error) as unknown as Error);
          else resolve(message);
        },
      );
    });
  }

  /** Its iterator throws a ServiceError; see `failureOf`. */
  follow(request: Message = {}, options: CallOptions = {}, name = 'FollowEvents'): Stream {
    return this.#method(name)(request, metadataOf(options), deadlineOf(options)) as Stream;
  }

  /** The answer of the health service, which needs no token. */
  async health(): Promise<'SERVING' | 'other'> {
    const answer = await this.callWithBytes('/grpc.health.v1.Health/Check', Buffer.alloc(0));
    // The field `status` is 1.
    return answer.toString('hex') === '0801' ? 'SERVING' : 'other';
  }

  /** Calls a method, `/SERVICE/METHOD`, with the bytes of a message. @throws CallFailure */
  callWithBytes(path: string, bytes: Buffer): Promise<Buffer> {
    const same = (value: Buffer): Buffer => value;
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        same,
        same,
        bytes,
        (error: ServiceError | null, answer?: Buffer) => {
          if (error) reject(failureOf(error) as unknown as Error);
          else resolve(answer!);
        },
      );
    });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  #method(name: string): (...args: unknown[]) => unknown {
    const methods = this.#client as unknown as Record<string, (...args: unknown[]) => unknown>;
    return methods[name]!.bind(this.#client);
  }
}

export function failureOf(error: unknown): CallFailure {
  const { code, details, metadata } = error as ServiceError;
  const one = (name: string): string | undefined => metadata.get(name)[0]?.toString();
  return { status: code, code: one('drumline-code'), message: details, hint: one('drumline-hint-bin') };
}

function metadataOf({ token }: CallOptions): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

function deadlineOf({ deadlineMs }: CallOptions): object {
  return deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
}

/** A message without fields that have the default value of their type, which are not sent. */
export function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([name, one]) => [name, withoutDefaults(one)] as const)
    // The names of present fields, which proto-loader adds.
    .filter(([name, one]) => !isDefault(one) && !name.startsWith('_') && !isNameOf(value, name, one));
  return Object.fromEntries(entries);
}

/** Whether a field names the present one of a value: a text, a number or a flag. */
function isNameOf(value: object, name: string, one: unknown): boolean {
  return name === 'value' && typeof one === 'string' && Object.hasOwn(value, one);
}

function isDefault(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === 0 || value === '' || value === false;
}
