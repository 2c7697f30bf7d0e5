import { createHash } from 'node:crypto';
import type net from 'node:net';
import { HttpDriver, WsDriver, type HttpClient, type HttpSettings, type WsClient } from '@drumline/drivers';
import type { Sample, SeriesKey } from '@drumline/model';
import { closeAfterEach } from '../support/closing.js';
import { answerRaw, serveWebSockets, type TestServer } from '../support/servers.js';

export interface WsBench {
  readonly ws: WsClient;
  /** The HTTP client of the same user. */
  readonly http: HttpClient;
  readonly samples: Sample[];
  /** `CONNECT /feed: connection closed (1006)` */
  readonly late: string[];
  /** Bytes that belong to no sample. */
  readonly idle: { sent: number; received: number };
  readonly messages: { sent: number; received: number };
  /** Another user of the same lane. */
  readonly another: () => WsClient;
}

/** A user's WebSockets and their samples, closed after each test together with the servers. */
export function wsBench() {
  const closing = closeAfterEach();
  async function client(target: string | undefined, settings: HttpSettings = {}): Promise<WsBench> {
    const samples: Sample[] = [];
    const late: string[] = [];
    const idle = { sent: 0, received: 0 };
    const messages = { sent: 0, received: 0 };
    const common = {
      ...settings,
      target,
      now: () => performance.now(),
      onSample: (sample: Sample) => samples.push(sample),
      onLateFailure: ({ method, name }: SeriesKey, reason: string) =>
        late.push(`${method} ${name}: ${reason}`),
      onResend() {},
      onTransfer: (_: SeriesKey, sent: number, received: number) => {
        idle.sent += sent;
        idle.received += received;
      },
    };
    const httpDriver = await closing(HttpDriver.open({ ...common, drumlineVersion: '1.2.3' }));
    const wsDriver = new WsDriver({
      ...common,
      onMessage: (direction) => (messages[direction] += 1),
    });
    const owner = { user: 'viewer', tags: { region: 'eu' } };
    const http = httpDriver.openClient(owner);
    const ws = await closing(wsDriver.openClient(owner, http));
    const another = (): WsClient => wsDriver.openClient(owner, httpDriver.openClient(owner));
    return { ws, http, samples, late, idle, messages, another };
  }
  return {
    closing,
    client,
    async serving(
      onConnection: Parameters<typeof serveWebSockets>[0],
      options?: Parameters<typeof serveWebSockets>[1],
      settings?: HttpSettings,
    ): Promise<WsBench & { server: TestServer }> {
      const server = await closing(serveWebSockets(onConnection, options));
      return { server, ...(await client(server.origin, settings)) };
    },
    /** A server that completes the handshake and then follows a script, valid or not. */
    async unruly(
      afterwards: (socket: net.Socket) => void,
      settings?: HttpSettings,
    ): Promise<WsBench & { server: TestServer }> {
      const server = await closing(
        answerRaw((socket, head) => {
          socket.write(`${upgrade(head)}\r\n\r\n`);
          socket.removeAllListeners('data');
          socket.resume();
          afterwards(socket);
        }),
      );
      return { server, ...(await client(server.origin, settings)) };
    },
  };
}

/** A server's handshake response, without its last line break. */
export function upgrade(head: string): string {
  const key = /sec-websocket-key: (.*)/i.exec(head)![1]!;
  // The GUID of RFC 6455, 1.3.
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return [
    'HTTP/1.1 101 Switching Protocols',
    'upgrade: websocket',
    'connection: upgrade',
    `sec-websocket-accept: ${accept}`,
  ].join('\r\n');
}

/**
 * A short form of a sample: `REQUEST /feed passed`, `PING /feed failed: no pong within
 * 2s`.
 */
export function inShort({ series, outcome, failure }: Sample): string {
  return `${series.method} ${series.name} ${outcome}${failure === undefined ? '' : `: ${failure}`}`;
}
