import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectedTarget } from './weigh.js';
import { executable, firstLineOf, launch, onPath } from './launch.js';
import { openFileLimit, pinned } from './machine.js';

/** Options of an nginx server. */
export interface NginxOptions {
  /** An empty directory for its files. */
  readonly folder: string;
  /** Number of servers, each on its own port. */
  readonly servers: number;
  /**
   * The directives within `http { … }`.
   * @param listen returns the `listen` directive for a server number, with further parameters
   */
  readonly configure: (listen: (server: number, words?: string) => string) => string;
}

export interface RunningNginx extends ConnectedTarget {
  /** Ports of the servers, in order. */
  readonly ports: readonly number[];
}

/**
 * Starts nginx as one process, which ends with the bench. It counts answered requests and open
 * connections, except requests for these counts.
 * @throws Error naming what is missing
 */
export async function startNginx(
  { folder, servers, configure }: NginxOptions,
  cores: string | undefined,
): Promise<RunningNginx> {
  const nginx = required('nginx');
  const [status, ...ports] = await freePorts(servers + 1);
  const listen = (server: number, words = ''): string =>
    `listen 127.0.0.1:${ports[server]} ${words} backlog=8192;`;
  writeFileSync(join(folder, 'nginx.conf'), frame(folder, configure(listen), status!));
  mkdirSync(join(folder, 'temp'));
  const server = launch(pinned(cores, [nginx, '-p', folder, '-c', join(folder, 'nginx.conf')]));
  let probes = 0;
  const ask = async (pattern: RegExp): Promise<number> => {
    const page = await (await fetch(`http://127.0.0.1:${status}/`)).text();
    probes += 1;
    return Number(pattern.exec(page)![1]);
  };
  const requests = async (): Promise<number> => (await ask(/^\s*\d+ \d+ (\d+)/m)) - probes;
  while (
    !(await requests().then(
      () => true,
      () => false,
    ))
  ) {
    if (server.ended) throw new Error(`nginx did not start:\n${server.output}`);
    await pause(50);
  }
  return {
    version: firstLineOf([nginx, '-v']).replace('nginx version: nginx/', 'nginx '),
    ports,
    requests,
    connections: async () => (await ask(/^Active connections: (\d+)/m)) - 1,
  };
}

function frame(folder: string, directives: string, status: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
worker_rlimit_nofile ${openFileLimit()};
events { worker_connections 8192; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/temp/${name};`).join('\n  ')}
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
${directives}
  server { listen 127.0.0.1:${status}; location / { stub_status; } }
}
`;
}

/**
 * The path of a program.
 * @throws Error with the remedy
 */
export function required(program: string): string {
  const path = onPath(program) ?? executable(`/usr/sbin/${program}`);
  if (path === undefined) throw new Error(`the target needs ${program}, which is not in PATH: install it`);
  return path;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
