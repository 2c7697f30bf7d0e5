import { fileURLToPath } from 'node:url';
import { launch } from '../harness/launch.js';
import { pinned } from '../harness/machine.js';
import type { ConnectedTarget } from '../harness/weigh.js';
import type { Served } from './processes/target-server.js';

/** The doors of the target: an answer with one account, with a thousand, and a stream of messages. */
export type Door = 'one' | 'thousand' | 'stream';

/** Messages of each stream. */
export const STREAMED_MESSAGES = 1_000;

/** A server that gives every call the same answer and keeps count. */
export interface GrpcTarget extends ConnectedTarget {
  urlOf(door: Door): string;
}

/** Starts it; it ends with the bench. */
export async function startTarget(cores: string | undefined): Promise<GrpcTarget> {
  const script = fileURLToPath(new URL('processes/target-server.js', import.meta.url));
  const command = [process.execPath, script, `${STREAMED_MESSAGES}`];
  const server = launch(pinned(cores, command), { ipc: true });
  const askers: ((message: unknown) => void)[] = [];
  server.onMessage((message) => askers.shift()?.(message));
  const answer = <T>(): Promise<T> =>
    new Promise((resolve) => askers.push(resolve as (message: unknown) => void));
  const ports = await answer<Record<Door, number>>();
  const ask = (): Promise<Served> => {
    server.send('report');
    return answer();
  };
  return {
    version: 'a server of answers made beforehand',
    urlOf: (door) => `http://127.0.0.1:${ports[door]}`,
    requests: async () => (await ask()).calls,
    connections: async () => (await ask()).connections,
  };
}
