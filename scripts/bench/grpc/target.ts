import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, temporaryFolder } from '../harness/launch.js';
import { pinned } from '../harness/machine.js';
import { startNginx, type NginxOptions, type RunningNginx } from '../harness/nginx.js';
import type { ConnectedTarget } from '../harness/weigh.js';
import { balancesReply, PATH, prefixed } from './messages.js';
import type { Served } from './processes/target-server.js';

/** The ports of our own target: an answer with one account, with a thousand, or a stream. */
export type OwnDoor = 'one' | 'thousand' | 'stream';
/** `nginx` gives the same answer as `one`, but handles each call separately as real servers do. */
export type Door = OwnDoor | 'nginx';

/** Messages of each stream. */
export const STREAMED_MESSAGES = 1_000;

/** Servers that give every call the same answer and count the calls. */
export interface GrpcTarget extends ConnectedTarget {
  urlOf(door: Door): string;
}

/**
 * Starts the servers, which end with the bench.
 * @throws Error naming what is missing
 */
export async function startTarget(cores: string | undefined): Promise<GrpcTarget> {
  const [own, nginx] = await Promise.all([startOwn(cores), startAnsweringNginx(cores)]);
  return {
    version: `${own.version} and ${nginx.version}`,
    urlOf: (door) => `http://127.0.0.1:${door === 'nginx' ? nginx.ports[0] : own.ports[door]}`,
    requests: async () => (await own.requests()) + (await nginx.requests()),
    connections: async () => (await own.connections()) + (await nginx.connections()),
  };
}

interface OwnTarget extends ConnectedTarget {
  readonly ports: Readonly<Record<OwnDoor, number>>;
}

async function startOwn(cores: string | undefined): Promise<OwnTarget> {
  const script = fileURLToPath(new URL('processes/target-server.js', import.meta.url));
  const command = [process.execPath, script, `${STREAMED_MESSAGES}`];
  const server = launch(pinned(cores, command), { ipc: true });
  const askers: ((message: unknown) => void)[] = [];
  server.onMessage((message) => askers.shift()?.(message));
  const answer = <T>(): Promise<T> =>
    new Promise((resolve) => askers.push(resolve as (message: unknown) => void));
  const ports = await answer<Record<OwnDoor, number>>();
  const ask = (): Promise<Served> => {
    server.send('report');
    return answer();
  };
  return {
    version: 'a server of answers made beforehand',
    ports,
    requests: async () => (await ask()).calls,
    connections: async () => (await ask()).connections,
  };
}

/** nginx serves the answer from a file, in place of rejecting POST. The status is a trailer. */
async function startAnsweringNginx(cores: string | undefined): Promise<RunningNginx> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'answer'), prefixed(balancesReply(1)));
  mkdirSync(dirname(join(folder, PATH)), { recursive: true });
  writeFileSync(join(folder, PATH), '');
  const configure: NginxOptions['configure'] = (listen) => `
  default_type application/grpc;
  open_file_cache max=10 inactive=1h;
  open_file_cache_valid 1h;
  server {
    ${listen(0, 'http2')}
    root ${folder};
    location = ${PATH} { error_page 405 =200 /answer; }
    location = /answer { add_trailer grpc-status 0; }
  }`;
  return await startNginx({ folder, servers: 1, configure }, cores);
}
