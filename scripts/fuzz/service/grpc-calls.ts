import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Random } from '../random.js';
import { spoilJson } from './spoil-json.js';

const PROTO = fileURLToPath(new URL('../../../../packages/drumline/control.proto', import.meta.url));
/** These end the run, or discard its counts. */
const LEFT_OUT = ['StopRun', 'CancelRun', 'ResetRun', 'StartRun', 'PauseRun', 'ResumeRun'];
const DEADLINE_MS = 10_000;
/** How long a stream of events is read. */
const STREAM_MS = 200;
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** What a call ended with: the number of a gRPC status, 0 for a message. */
export interface GrpcOutcome {
  readonly status: number;
  readonly what: string;
}

/** Calls every operation of control.proto with messages that are mostly wrong. */
export class GrpcCalls implements Disposable {
  readonly #client: Client;
  readonly #methods: readonly MethodDefinition<object, object>[];

  constructor(
    private readonly address: string,
    private readonly runId: string,
    private readonly submission: object,
  ) {
    this.#client = new Client(address, credentials.createInsecure());
    const loaded = loadSync(PROTO, { longs: Number })['drumline.control.v1.Control'] as ServiceDefinition;
    this.#methods = Object.values(loaded).filter(({ originalName = '', path }) =>
      LEFT_OUT.every((name) => name !== originalName && !path.endsWith(`/${name}`)),
    );
  }

  /** Calls one operation. */
  async call(random: Random): Promise<GrpcOutcome> {
    const { path, responseStream, requestSerialize } = random.pick(this.#methods);
    const bytes = this.#message(random, requestSerialize);
    const what = `${path} ${bytes.subarray(0, 60).toString('hex')}`;
    const same = (value: Buffer): Buffer => value;
    const deadline = Date.now() + (responseStream ? STREAM_MS : DEADLINE_MS);
    const status = await new Promise<number>((resolve) => {
      if (!responseStream) {
        const done = (error: ServiceError | null): void => resolve(error?.code ?? 0);
        this.#client.makeUnaryRequest(path, same, same, bytes, { deadline }, done);
        return;
      }
      const stream = this.#client.makeServerStreamRequest(path, same, same, bytes, { deadline });
      stream.on('error', () => {}).on('status', ({ code }) => resolve(code));
      stream.resume();
    });
    // A stream that lasted until its end is one that was served.
    return { status: responseStream && status === 4 ? 0 : status, what };
  }

  /** Sends bytes that are not HTTP/2, or frames of it that are broken. */
  async noise(random: Random): Promise<void> {
    const [host, port] = this.address.split(':');
    const socket = connect(Number(port), host).on('error', () => {});
    const noise = random.bytes(1 + random.below(2_000));
    if (random.below(2) === 0) socket.write(PREFACE);
    socket.end(random.below(2) === 0 ? noise : frameOf(random, noise.subarray(0, 100)));
    socket.resume().setTimeout(2_000, () => socket.destroy());
    await new Promise((resolve) => socket.once('close', resolve));
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  #message(random: Random, serialize: (value: object) => Buffer): Buffer {
    if (random.below(4) === 0) return random.bytes(random.below(300));
    const fields = { run: this.runId, ...this.submission, submission: this.submission, users: 20, limit: 3 };
    let bytes: Buffer;
    try {
      bytes = Buffer.from(serialize(spoilJson(fields, random) as object));
    } catch {
      // The encoder refuses what does not fit a field at all.
      bytes = Buffer.from(serialize({ run: this.runId }));
    }
    if (random.below(2) === 0)
      for (let changes = random.below(4); changes > 0 && bytes.length > 0; changes -= 1)
        bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  }
}

/** A frame of HTTP/2 with any type, flags and stream. */
function frameOf(random: Random, payload: Buffer): Buffer {
  const head = random.bytes(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = random.below(12);
  return Buffer.concat([head, payload]);
}
