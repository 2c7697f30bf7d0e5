import { createNativeEngine, type ExchangeResult } from '@drumline/drivers';
import { createUndiciEngine } from '@drumline/drivers/undici';
import type net from 'node:net';
import { get } from '../http-engine/bench.js';
import { closeAfterEach } from '../support/closing.js';
import { promised, type PromisedSession } from '../support/promised.js';
import { answerRaw } from '../support/servers.js';

const PARALLEL = 8;

/** A server's answer to one request, after which it closes the connection. */
export interface Scene {
  readonly name: string;
  readonly method: string;
  /** Pieces of the answer, sent so that each is read separately. */
  readonly pieces: readonly Uint8Array[];
}

/** The result of an engine. */
export type Seen =
  | string
  | {
      readonly status: number;
      readonly statusText: string;
      readonly rawHeaders: readonly string[];
      readonly body: string;
      readonly rawTrailers: readonly string[];
    };

export interface View {
  readonly name: string;
  readonly native: Seen;
  readonly undici: Seen;
}

/** Both engines with one server, closed after each test. */
export function differentialBench() {
  const closing = closeAfterEach();
  const engines = { native: createNativeEngine, undici: createUndiciEngine };

  async function session(name: keyof typeof engines): Promise<PromisedSession> {
    const engine = await closing(promised(engines[name]({ now: () => performance.now(), strict: true })));
    return engine.openSession({ maxConnections: PARALLEL, timeouts: { wholeMs: 0 } });
  }

  return {
    async watch(scenes: readonly Scene[]): Promise<View[]> {
      const server = await closing(
        answerRaw((socket, head) => void play(scenes[Number(/ \/(\d+) /.exec(head)?.[1])]!, socket)),
      );
      const [native, undici] = await Promise.all([session('native'), session('undici')]);
      const ask = async (from: PromisedSession, { method }: Scene, i: number): Promise<Seen> =>
        seen(await from.exchange(get(server.origin, { method, path: `/${i}`, keepAlive: false })).done);
      return Promise.all(
        scenes.map(async (scene, i) => {
          const [ours, theirs] = await Promise.all([ask(native, scene, i), ask(undici, scene, i)]);
          return { name: scene.name, native: ours, undici: theirs };
        }),
      );
    },

    /**
     * The number of connections that each engine opens for three consecutive requests with this
     * answer.
     */
    async connections(answer: string): Promise<{ native: number; undici: number }> {
      const opened = { native: 0, undici: 0 };
      for (const name of ['native', 'undici'] as const) {
        const server = await closing(answerRaw((socket) => socket.write(answer, 'latin1')));
        const one = await session(name);
        for (let i = 0; i < 3; i++) {
          const result = await one.exchange(get(server.origin)).done;
          if (result.kind === 'failed') throw new Error(result.failure.message);
        }
        opened[name] = server.connections;
      }
      return opened;
    },
  };
}

async function play({ pieces }: Scene, socket: net.Socket): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    socket.write(piece);
    // The peer shares this event loop and reads the data in the turn after the next.
    await turn();
    await turn();
  }
  socket.end();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function seen(result: ExchangeResult): Seen {
  if (result.kind === 'failed') return result.failure.class;
  const { status, rawHeaders, rawTrailers } = result;
  return {
    status,
    statusText: result.statusText,
    rawHeaders,
    body: Buffer.from(result.body).toString('latin1'),
    rawTrailers,
  };
}
