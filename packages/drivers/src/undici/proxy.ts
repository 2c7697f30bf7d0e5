import type { Dialler } from '../dial/dialler.js';
import { SILENT, type Dialling, type DialTarget } from '../dial/transport.js';
import type { EngineRequest } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';
import { credentialsOf } from '../url/http-url.js';
import { HTTP1, type Route, type RouteCallbacks } from './route.js';

/** The proxy that all requests go through. */
export interface Proxy {
  readonly target: DialTarget;
  /** The `proxy-authorization` header, as name and value. Empty without credentials. */
  readonly headers: readonly string[];
}

/**
 * @param text `http://user:password@proxy:3128`
 * @throws TypeError if it is not such an address
 */
export function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' || url.hostname === '' || url.pathname + url.search + url.hash !== '/') {
    const shown = text.replace(/[^/]*@/, '…@');
    throw new TypeError(`'${shown}' is not a valid proxy: write it as 'http://user:password@proxy:3128'`);
  }
  const { username, password } = credentialsOf(url);
  const credentials = `${username}:${password}`;
  return {
    target: {
      secure: false,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || 80,
      stream: true,
    },
    headers:
      credentials === ':'
        ? []
        : ['proxy-authorization', `Basic ${Buffer.from(credentials).toString('base64')}`],
  };
}

/** The route to targets without TLS. The proxy reads the requests, which contain the full URL. */
export class ForwardingRoute implements Route {
  constructor(
    private readonly dialler: Dialler,
    private readonly proxy: Proxy,
  ) {}

  open(_: DialTarget, timeoutMs: number, callbacks: RouteCallbacks): Dialling {
    return this.dialler.dial(this.proxy.target, HTTP1, timeoutMs, {
      onOpen(transport) {
        transport.receiver = SILENT;
        callbacks.onOpen(transport.socket, transport.opened);
      },
      onFailed: (failure) => callbacks.onFailed(ofProxy(failure)),
    });
  }

  address({ origin, path, headers }: EngineRequest): Pick<EngineRequest, 'path' | 'headers'> {
    return { path: origin + path, headers: [...headers, ...this.proxy.headers] };
  }

  refusal(status: number): Failure | undefined {
    return status === 407 ? proxyRefusal(status) : undefined;
  }
}

export function ofProxy(failure: Failure): Failure {
  return { ...failure, message: `proxy: ${failure.message}` };
}

export function proxyRefusal(status: number): Failure {
  const why = status === 407 ? 'user or password missing or wrong' : 'it does not connect to the target';
  return { class: 'refused', code: `PROXY_${status}`, message: `proxy: ${why} (status ${status})` };
}
