import type { Options } from 'yargs';
import { optionError } from './values.js';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** The address of the control API: `HOST:PORT` or a URL; `--no-api` turns it off. */
export function listenAddress<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): HostPort | false => {
    if (value === false || value === 'false') return false;
    return parseHostPort(name, value, 'http');
  };
  return { ...rest, type: 'string', requiresArg: true, off: true, read } as const;
}

/** The address of a master for its workers: `tcp://HOST:PORT`; `tcp://` is optional. */
export function tcpAddress<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): string => {
    const { host, port } = parseHostPort(name, value, 'tcp');
    return `tcp://${host}:${port}`;
  };
  return { ...rest, type: 'string', requiresArg: true, read } as const;
}

/** The base URL of the target. */
export function targetUrl<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): string => {
    const text = String(value);
    const protocol = URL.canParse(text) ? new URL(text).protocol : undefined;
    if (protocol === 'http:' || protocol === 'https:') return text;
    const bare = text.replace(/^[a-z]*:?\/\//i, '');
    const meant = `${/^(?:localhost\b|[\d.]+:|\[)/.test(bare) ? 'http' : 'https'}://${bare}`;
    throw optionError(
      name,
      `'${text}' is not an http or https URL`,
      `Write the whole URL: ${URL.canParse(meant) ? meant : 'https://shop.example'}.`,
    );
  };
  return { ...rest, type: 'string', requiresArg: true, read } as const;
}

/** The base URL of a control API, without a trailing slash; `http://` is optional. */
export function apiUrl<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): string => {
    const text = String(value);
    const url = /^https?:\/\//.test(text) ? text : `http://${text}`;
    if (!URL.canParse(url))
      throw optionError(name, `'${text}' is not an address`, 'Write http://HOST:PORT or HOST:PORT.');
    return url.replace(/\/+$/, '');
  };
  return { ...rest, type: 'string', requiresArg: true, read } as const;
}

const EXAMPLES: Readonly<Record<string, string>> = { api: '127.0.0.1:8089', grpc: '127.0.0.1:8090' };

function parseHostPort(name: string, value: unknown, scheme: string): HostPort {
  const text = String(value);
  const [, host, digits] =
    /^(\[[0-9a-f:.%]+\]|[^\s:/[\]]+|\*):(\d{1,5})\/?$/i.exec(text.replace(`${scheme}://`, '')) ?? [];
  const port = Number(digits);
  if (host === undefined || port > 65_535) {
    throw optionError(
      name,
      `'${text}' is not an address`,
      `Write HOST:PORT, for example ${EXAMPLES[name] ?? 'tcp://127.0.0.1:5557'}.`,
    );
  }
  return { host: scheme === 'http' ? host.replace(/^\[|\]$/g, '') : host, port };
}

/** Whether a host or `tcp://HOST:PORT` is reachable from this machine only. */
export function isLoopback(address: string): boolean {
  const host = address
    .replace(/^tcp:\/\//, '')
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
}
