import type { Random } from './random.js';

/** Hostile requests to the control API: valid requests, broken ones and noise. */
const HEAD = 'Host: 127.0.0.1\r\n';
const JSON_HEAD = `${HEAD}Content-Type: application/json\r\n`;

const post = (path: string, body: string): string =>
  `POST /v1/runs/current/${path} HTTP/1.1\r\n${JSON_HEAD}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const REAL = [
  `GET /v1/runs/current/status HTTP/1.1\r\n${HEAD}\r\n`,
  `GET /v1/runs/current/timeline?from=0 HTTP/1.1\r\n${HEAD}\r\n`,
  post('users', '{"users":1,"spawnRate":2}'),
  `GET /openapi.json HTTP/1.1\r\n${HEAD}\r\n`,
];

const HOSTILE = [
  post('users', '{"users":'),
  post('users', '{"users":"1"}'),
  post('users', '{"users":1,"__proto__":{"x":1}}'),
  post('users', '{"users":1,"constructor":{"prototype":{"x":1}}}'),
  post('users', `{"users":${'['.repeat(1_900)}`),
  post('users', `{"users":1,"x":"${'x'.repeat(100_000)}"}`),
  `POST /v1/runs/current/stop HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n`,
  `POST /v1/runs/current/stop HTTP/1.1\r\n${HEAD}Origin: https://evil.example\r\nContent-Length: 0\r\n\r\n`,
  `OPTIONS /v1/runs/current/stop HTTP/1.1\r\n${HEAD}Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n`,
  `GET /v1/../../etc/passwd HTTP/1.1\r\n${HEAD}\r\n`,
  `GET /v1/runs/current/status HTTP/1.1\r\n${HEAD}X: ${'x'.repeat(20_000)}\r\n\r\n`,
  `POST /v1/runs/current/users HTTP/1.1\r\n${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n`,
  `POST /v1/runs/current/users HTTP/1.1\r\n${JSON_HEAD}Content-Length: 18446744073709551616\r\n\r\n{}`,
  `POST /v1/runs/current/stop HTTP/1.1\r\n${HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
];

export function hostileRequest(random: Random): Buffer {
  switch (random.below(4)) {
    case 0:
      return random.bytes(1 + random.below(2_000));
    case 1:
      return Buffer.from(random.pick(HOSTILE), 'latin1');
    case 2: {
      const whole = Buffer.from(random.pick([...REAL, ...HOSTILE]), 'latin1');
      return whole.subarray(0, 1 + random.below(whole.length));
    }
    default: {
      const bytes = Buffer.from(random.pick(REAL), 'latin1');
      for (let changes = 1 + random.below(8); changes > 0; changes -= 1) {
        bytes[random.below(bytes.length)] = random.below(256);
      }
      return bytes;
    }
  }
}
