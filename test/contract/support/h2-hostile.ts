import { until } from './closing.js';
import type { Call, Client, H2Bench } from './h2-client.js';
import { rawFrame, serveFrames, type FramePeer } from './h2-peers.js';

/** Shared by tests with hostile servers: frames, and a client connected to a scripted server. */

export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const END_HEADERS = 4;
export const PADDED = 8;

/** `:status: 200` */
export const OK = '88';
export const ok = (streamId: number): Buffer => rawFrame(HEADERS, END_HEADERS | END_STREAM, streamId, OK);
export const begin = (streamId: number, block = OK): Buffer =>
  rawFrame(HEADERS, END_HEADERS, streamId, block);
export const settings = (id: number, value: number): Buffer =>
  rawFrame(SETTINGS, 0, 0, id.toString(16).padStart(4, '0') + value.toString(16).padStart(8, '0'));
export const field = (name: string, value: string): string => {
  const text = (latin1: string): string => {
    const bytes = Buffer.from(latin1, 'latin1');
    return bytes.length.toString(16).padStart(2, '0') + bytes.toString('hex');
  };
  return `00${text(name)}${text(value)}`;
};

export interface Meeting {
  readonly client: Client;
  readonly peer: FramePeer;
  /** Streams 1 and 3, which wait for a response. */
  readonly calls: readonly [Call, Call];
}

/** Two requests, which the server has received. */
export async function meet(bench: H2Bench, method = 'GET'): Promise<Meeting> {
  const server = await bench.closing(serveFrames(() => {}));
  const client = await bench.connect(server.port, { connectionWindowBytes: 65_535 });
  const calls = [client.request({ method }), client.request({ method })] as const;
  await until(() => server.peers[0]?.of(HEADERS).length === 2);
  return { client, peer: server.peers[0]!, calls };
}
