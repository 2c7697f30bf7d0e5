import { createNativeGrpcEngine } from '@drumline/drivers/grpc';
import type { GrpcEngineOptions, GrpcSession, RawMetadata } from '@drumline/drivers/grpc';
import { createGrpcJsEngine } from '@drumline/drivers/grpc-js';
import { start, type MakeEngine } from '../grpc-engine/bench.js';
import { closeAfterEach } from '../support/closing.js';
import { SCRIPTED, type Field, type Script } from '../support/scripted-grpc.js';

/** A call of a scripted server. */
export interface Scene extends Partial<Script> {
  readonly name: string;
  readonly path?: string;
  readonly metadata?: readonly Field[];
  /** Messages sent after the script. */
  readonly sent?: readonly Uint8Array[];
  readonly deadlineMs?: number;
  /** The sending side stays open. */
  readonly open?: boolean;
}

/** The result of an engine. */
export interface Seen {
  readonly status: number;
  /** The message from the server; for other failures, their class. */
  readonly message: string;
  readonly headers: RawMetadata | undefined;
  readonly messages: readonly string[];
  readonly trailers: RawMetadata;
}

export interface View {
  readonly name: string;
  readonly native: Seen;
  readonly grpcJs: Seen;
}

const NOTHING: Script = {
  initial: [],
  messages: [],
  echo: false,
  mirror: false,
  status: 0,
  details: '',
  trailers: [],
  gzip: false,
};

/** Both engines with one server, closed after each test. */
export function differentialBench() {
  const closing = closeAfterEach();

  async function session(make: MakeEngine, options: Partial<GrpcEngineOptions>): Promise<GrpcSession> {
    const engine = await closing(make({ now: () => performance.now(), origin: '', ...options }));
    return engine.openSession();
  }

  return {
    closing,
    /** Makes the same calls on both engines, all concurrently. */
    async watch(scenes: readonly Scene[], options: Partial<GrpcEngineOptions>): Promise<View[]> {
      const native = await session(createNativeGrpcEngine, options);
      const grpcJs = await session(createGrpcJsEngine, options);
      return Promise.all(
        scenes.map(async (scene) => {
          const [ours, theirs] = await Promise.all([play(native, scene), play(grpcJs, scene)]);
          return { name: scene.name, native: ours, grpcJs: theirs };
        }),
      );
    },
  };
}

async function play(session: GrpcSession, scene: Scene): Promise<Seen> {
  const { name: _, path = SCRIPTED, metadata = [], sent = [], deadlineMs = 30_000, open, ...script } = scene;
  const call = start(session, { path, metadata: metadata.flat(), deadlineMs });
  call.send(Buffer.from(JSON.stringify({ ...NOTHING, ...script })));
  for (const message of sent) call.send(message);
  if (open !== true) call.endSend();
  const { status, failure, message, trailers } = await call.done;
  return {
    status,
    message: failure?.class ?? message,
    headers: call.headers[0] && without(call.headers[0]),
    messages: call.messages.map((bytes) => bytes.toString('latin1')),
    trailers: without(trailers),
  };
}

/** Metadata sorted by name, without the date and the compression headers. */
function without(raw: RawMetadata): string[] {
  const fields: string[][] = [];
  for (let i = 0; i < raw.length; i += 2)
    if (raw[i] !== 'date' && raw[i] !== 'accept-encoding') fields.push([raw[i]!, raw[i + 1]!]);
  return fields.sort(([a], [b]) => (a! < b! ? -1 : a! > b! ? 1 : 0)).flat();
}
