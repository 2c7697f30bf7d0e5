import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { makeCertificate } from './certificates.js';
import { wait } from './closing.js';
import { closedPort } from './servers.js';

/** The path of nginx, if it is installed. Distributions do not put it into the PATH of users. */
export const NGINX = ['/usr/sbin', '/usr/local/sbin', ...(process.env['PATH'] ?? '').split(delimiter)]
  .map((folder) => join(folder, 'nginx'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

export interface Nginx {
  readonly plainPort: number;
  readonly tlsPort: number;
  /** The authority of its certificate for `localhost`. */
  readonly ca: string;
  /** The directory that it serves. */
  readonly root: string;
  close(): Promise<void>;
}

/**
 * Starts nginx with HTTP/2 on two free ports, without and with TLS.
 * @param directives of the `server`
 */
export async function startNginx(directives: string): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'drumline-nginx-'));
  const identity = makeCertificate({ commonName: 'nginx', hosts: ['localhost'] });
  writeFileSync(join(folder, 'cert.pem'), identity.cert);
  writeFileSync(join(folder, 'key.pem'), identity.key);
  const [plainPort, tlsPort] = [await closedPort(), await closedPort()];
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, plainPort, tlsPort, directives));
  const child = spawn(NGINX!, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (!(await listens(tlsPort))) {
    if (child.exitCode !== null) throw new Error(readFileSync(join(folder, 'error.log'), 'utf8'));
    await wait(10);
  }
  return {
    plainPort,
    tlsPort,
    ca: identity.cert,
    root: folder,
    async close() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(folder: string, plainPort: number, tlsPort: number, directives: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
master_process off;
pid nginx.pid;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${plainPort} http2;
    listen 127.0.0.1:${tlsPort} ssl http2;
    ssl_certificate cert.pem;
    ssl_certificate_key key.pem;
    root ${folder};
    ${directives}
  }
}
`;
}

async function listens(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
