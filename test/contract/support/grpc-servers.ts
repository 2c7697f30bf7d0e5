import net from 'node:net';
import {
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerOptions,
} from '@grpc/grpc-js';
import type { Identity } from './certificates.js';
import { listen, type TestServer } from './servers.js';

/** gRPC servers of @grpc/grpc-js whose messages are bytes. */

export interface TestMethod {
  readonly kind: 'unary' | 'clientStream' | 'serverStream' | 'bidi';
  readonly handle:
    | handleUnaryCall<Buffer, Buffer>
    | handleClientStreamingCall<Buffer, Buffer>
    | handleServerStreamingCall<Buffer, Buffer>
    | handleBidiStreamingCall<Buffer, Buffer>;
}

export function unary(handle: handleUnaryCall<Buffer, Buffer>): TestMethod {
  return { kind: 'unary', handle };
}

export function clientStream(handle: handleClientStreamingCall<Buffer, Buffer>): TestMethod {
  return { kind: 'clientStream', handle };
}

export function serverStream(handle: handleServerStreamingCall<Buffer, Buffer>): TestMethod {
  return { kind: 'serverStream', handle };
}

export function bidi(handle: handleBidiStreamingCall<Buffer, Buffer>): TestMethod {
  return { kind: 'bidi', handle };
}

/** Its `requests` are the calls of known methods whose headers arrived. */
export interface GrpcTestServer extends TestServer {
  /** Sends GOAWAY on every connection; calls in progress continue. */
  sayGoodbye(): void;
}

export interface GrpcServerOptions extends ServerOptions {
  /** Uses TLS with it. */
  readonly identity?: Identity;
  /** Requires client certificates signed by these (PEM). */
  readonly clientAuthorities?: string;
}

/** @param methods by their paths: `/bank.Accounts/GetBalances` */
export async function serveGrpc(
  methods: Record<string, TestMethod>,
  { identity, clientAuthorities, ...options }: GrpcServerOptions = {},
): Promise<GrpcTestServer> {
  const sockets = net.createServer((socket) => injector.injectConnection(socket));
  let calls = 0;
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    ...options,
    interceptors: [
      (_, call) => {
        calls++;
        return new ServerInterceptingCall(call);
      },
    ],
  });
  for (const [path, { kind, handle }] of Object.entries(methods)) {
    server.register(path, handle, unchanged, unchanged, kind);
  }
  const injector = server.createConnectionInjector(credentials(identity, clientAuthorities));
  const origin = identity === undefined ? 'http://127.0.0.1' : 'https://localhost';
  const listening = await listen(sockets, 'connection', origin);
  return {
    port: listening.port,
    origin: listening.origin,
    sockets: listening.sockets,
    get connections() {
      return listening.connections;
    },
    get requests() {
      return calls;
    },
    drained: () => listening.drained(),
    reset: () => listening.reset(),
    sayGoodbye: () => injector.drain(60_000),
    async close() {
      server.forceShutdown();
      await listening.close();
    },
  };
}

function unchanged(bytes: Buffer): Buffer {
  return bytes;
}

function credentials(
  identity: Identity | undefined,
  clientAuthorities: string | undefined,
): ServerCredentials {
  if (identity === undefined) return ServerCredentials.createInsecure();
  const { cert, key } = identity;
  return ServerCredentials.createSsl(
    clientAuthorities === undefined ? null : Buffer.from(clientAuthorities),
    [{ cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }],
    clientAuthorities !== undefined,
  );
}
