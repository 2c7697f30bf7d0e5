import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CountingTarget } from '../harness/bench.js';
import { BODY } from './body.js';
import { executable, firstLineOf, launch, onPath, temporaryFolder } from '../harness/launch.js';
import { openFileLimit, pinned } from '../harness/machine.js';

/** The doors of the target. */
const DOORS = ['plain', 'tls', 'tlsWithoutResumption', 'h2'] as const;
export type Door = (typeof DOORS)[number];

/** A running nginx that answers every request with 1 KB of JSON and keeps count. */
export interface Target extends CountingTarget {
  urlOf(door: Door): string;
  /** Requests answered so far, without those that asked for this number. */
  requests(): Promise<number>;
  /** That are open now, without that of this question. */
  connections(): Promise<number>;
}

/**
 * Starts nginx, one process, TLS 1.3 with an ECDSA P-256 certificate; it ends with the bench.
 * @throws Error that says what is missing
 */
export async function startNginx(cores: string | undefined): Promise<Target> {
  const nginx = required('nginx');
  const folder = temporaryFolder();
  makeCertificate(folder);
  const [status, ...ports] = await freePorts(DOORS.length + 1);
  const doors = Object.fromEntries(DOORS.map((door, index) => [door, ports[index]!])) as Record<Door, number>;
  writeFileSync(join(folder, 'nginx.conf'), configure(folder, doors, status!));
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
    urlOf: (door) => `${door === 'plain' ? 'http' : 'https'}://127.0.0.1:${doors[door]}/`,
    requests,
    connections: async () => (await ask(/^Active connections: (\d+)/m)) - 1,
  };
}

function configure(folder: string, doors: Record<Door, number>, status: number): string {
  const answer = `location / { return 200 '${BODY}'; }`;
  const listen = (port: number, words = ''): string => `listen 127.0.0.1:${port} ${words} backlog=8192;`;
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
  default_type application/json;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  ssl_certificate ${folder}/cert.pem;
  ssl_certificate_key ${folder}/key.pem;
  ssl_protocols TLSv1.3;
  server { ${listen(doors.plain)} ${answer} }
  server { ${listen(doors.tls, 'ssl')} ${answer} }
  server { ${listen(doors.tlsWithoutResumption, 'ssl')} ssl_session_tickets off; ssl_session_cache off; ${answer} }
  # HTTP/1.1 must not pass for HTTP/2.
  server { ${listen(doors.h2, 'ssl http2')} if ($server_protocol != HTTP/2.0) { return 505; } ${answer} }
  server { listen 127.0.0.1:${status}; location / { stub_status; } }
}
`;
}

function makeCertificate(folder: string): void {
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7 -subj /CN=localhost';
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  execFileSync(required('openssl'), [...request.split(' '), ...names, ...files], { stdio: 'pipe' });
}

/** Where a program is. @throws Error that says how to mend its absence */
function required(program: string): string {
  const path = onPath(program) ?? executable(`/usr/sbin/${program}`);
  if (path === undefined)
    throw new Error(`there is no ${program} in PATH, which the target needs: install it`);
  return path;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
