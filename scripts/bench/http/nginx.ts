import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from '../harness/launch.js';
import { required, startNginx } from '../harness/nginx.js';
import type { ConnectedTarget } from '../harness/weigh.js';
import { BODY } from './body.js';

/** The doors of the target. */
const DOORS = ['plain', 'tls', 'tlsWithoutResumption', 'h2'] as const;
export type Door = (typeof DOORS)[number];

/** A running nginx that answers every request with 1 KB of JSON and counts the requests. */
export interface Target extends ConnectedTarget {
  urlOf(door: Door): string;
}

/**
 * Starts nginx with TLS 1.3 and an ECDSA P-256 certificate.
 * @throws Error naming what is missing
 */
export async function startTarget(cores: string | undefined): Promise<Target> {
  const folder = temporaryFolder();
  makeCertificate(folder);
  const answer = `location / { return 200 '${BODY}'; }`;
  const nginx = await startNginx(
    {
      folder,
      servers: DOORS.length,
      configure: (listen) => {
        const at = (door: Door, words?: string): string => listen(DOORS.indexOf(door), words);
        return `
  default_type application/json;
  ssl_certificate ${folder}/cert.pem;
  ssl_certificate_key ${folder}/key.pem;
  ssl_protocols TLSv1.3;
  server { ${at('plain')} ${answer} }
  server { ${at('tls', 'ssl')} ${answer} }
  server { ${at('tlsWithoutResumption', 'ssl')} ssl_session_tickets off; ssl_session_cache off; ${answer} }
  # HTTP/1.1 must not pass for HTTP/2.
  server { ${at('h2', 'ssl http2')} if ($server_protocol != HTTP/2.0) { return 505; } ${answer} }`;
      },
    },
    cores,
  );
  const portOf = (door: Door): number => nginx.ports[DOORS.indexOf(door)]!;
  return { ...nginx, urlOf: (door) => `${door === 'plain' ? 'http' : 'https'}://127.0.0.1:${portOf(door)}/` };
}

function makeCertificate(folder: string): void {
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7 -subj /CN=localhost';
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  execFileSync(required('openssl'), [...request.split(' '), ...names, ...files], { stdio: 'pipe' });
}
