import { isIP } from 'node:net';
import { readConnectTo, readResolve } from './resolve.js';

/** A header of a command. */
interface HeaderOption {
  readonly name: string;
  /** Undefined if the command removes curl's default header. */
  readonly value: string | undefined;
}

/** The supported options of a curl command. */
export interface CurlOptions {
  urls: string[];
  /** Files of `--upload-file`. The first one belongs to the first URL, and so on. */
  uploads: string[];
  method?: string;
  headers: HeaderOption[];
  data: { kind: 'data' | 'raw' | 'binary' | 'urlencode' | 'json'; text: string }[];
  forms: { text: string; literal: boolean }[];
  user?: string;
  bearer?: string;
  /** `name=value`, or paths of cookie files. */
  cookies: string[];
  userAgent?: string;
  referer?: string;
  range?: string;
  query: string[];
  dataInQuery: boolean;
  headOnly: boolean;
  insecure: boolean;
  /** Whether braces and brackets in URLs are literal. */
  globOff: boolean;
  /** Whether redirects are followed. */
  follows: boolean;
  compressed: boolean;
  maxTimeS?: number;
  connectTimeoutS?: number;
  maxRedirects?: number;
  digest: boolean;
  version?: '1.1' | '2';
  /** Whether HTTP/2 is requested. Without TLS, curl upgrades the connection. */
  http2: boolean;
  proxy?: string;
  proxyUser?: string;
  family?: 4 | 6;
  localAddress?: string;
  /** Addresses by host name, which replace the DNS lookup. */
  resolved: (readonly [host: string, addresses: string[]])[];
  tls: {
    ca?: string;
    cert?: string;
    key?: string;
    passphrase?: string;
    minVersion?: string;
    maxVersion?: string;
    ciphers?: string;
  };
  /** Options that change requests and that scenarios do not support. */
  unsupported: string[];
  /** Names of the browser headers that were left out. */
  browserHeaders: string[];
}

export function noOptions(): CurlOptions {
  return {
    urls: [],
    uploads: [],
    headers: [],
    data: [],
    forms: [],
    cookies: [],
    query: [],
    dataInQuery: false,
    headOnly: false,
    insecure: false,
    globOff: false,
    follows: false,
    compressed: false,
    digest: false,
    http2: false,
    resolved: [],
    tls: {},
    unsupported: [],
    browserHeaders: [],
  };
}

type WithValue = (options: CurlOptions, value: string) => void;

const data =
  (kind: CurlOptions['data'][number]['kind']): WithValue =>
  (options, text) =>
    void options.data.push({ kind, text });

/** `Name: value`, `Name;` for an empty value, or `Name:` to remove curl's default. */
const header: WithValue = (options, text) => {
  const [, name = '', mark = '', value = ''] = /^([^:;]+)([:;])\s*([\s\S]*?)\s*$/.exec(text) ?? [];
  if (name.trim() === '' || (mark === ';' && value !== '')) options.unsupported.push(`--header ${text}`);
  else options.headers.push({ name: name.trim(), value: value === '' && mark === ':' ? undefined : value });
};

/** Options with a value, by their long names (https://curl.se/docs/manpage.html). */
export const VALUES: Readonly<Record<string, WithValue>> = {
  url: (options, value) => void options.urls.push(value),
  request: (options, value) => (options.method = value),
  header,
  data: data('data'),
  'data-ascii': data('data'),
  'data-raw': data('raw'),
  'data-binary': data('binary'),
  'data-urlencode': data('urlencode'),
  json: data('json'),
  form: (options, text) => void options.forms.push({ text, literal: false }),
  'form-string': (options, text) => void options.forms.push({ text, literal: true }),
  user: (options, value) => (options.user = value),
  'oauth2-bearer': (options, value) => (options.bearer = value),
  cookie: (options, value) => void options.cookies.push(value),
  'user-agent': (options, value) => (options.userAgent = value),
  referer: (options, value) => {
    const [url = '', auto] = value.split(';auto');
    if (auto !== undefined) options.unsupported.push(`--referer ${value}`);
    if (url !== '' || auto === undefined) options.referer = url;
  },
  range: (options, value) => (options.range = value),
  'upload-file': (options, value) => void options.uploads.push(value),
  'url-query': (options, value) => void options.query.push(value),
  'max-time': (options, value) => (options.maxTimeS = Number(value)),
  'connect-timeout': (options, value) => (options.connectTimeoutS = Number(value)),
  'max-redirs': (options, value) => (options.maxRedirects = Number(value)),
  cacert: (options, value) => (options.tls.ca = value),
  cert: (options, value) => {
    const [, file = value, passphrase] = /^(.{2,}?):(.*)$/.exec(value) ?? [];
    options.tls.cert = file;
    if (passphrase !== undefined) options.tls.passphrase = passphrase;
  },
  key: (options, value) => (options.tls.key = value),
  pass: (options, value) => (options.tls.passphrase = value),
  ciphers: (options, value) => (options.tls.ciphers = value),
  proxy: (options, value) => {
    if (/^(?:https?:\/\/|[^:/]+(?::\d+)?\/?$)/.test(value)) options.proxy = value;
    else options.unsupported.push(`--proxy ${value}`);
  },
  'proxy-user': (options, value) => (options.proxyUser = value),
  resolve: (options, value) => {
    const resolved = readResolve(value);
    if (resolved === undefined) options.unsupported.push(`--resolve ${value}`);
    else options.resolved.push(resolved);
  },
  'connect-to': (options, value) => {
    const resolved = readConnectTo(value);
    if (resolved === undefined) options.unsupported.push(`--connect-to ${value}`);
    else options.resolved.push(resolved);
  },
  interface: (options, value) => {
    if (isIP(value) > 0) options.localAddress = value;
    else options.unsupported.push(`--interface ${value}`);
  },
  'tls-max': (options, value) => {
    if (/^1\.[0-3]$/.test(value)) options.tls.maxVersion = value === '1.0' ? 'TLSv1' : `TLSv${value}`;
    else if (value !== 'default') options.unsupported.push(`--tls-max ${value}`);
  },
  'time-cond': (options, value) => {
    const [, mark = '', text = value] = /^([-+=]?)(.*)$/s.exec(value) ?? [];
    const time = Date.parse(text);
    if (Number.isNaN(time) || mark === '=') options.unsupported.push(`--time-cond ${value}`);
    else {
      const name = mark === '-' ? 'If-Unmodified-Since' : 'If-Modified-Since';
      options.headers.push({ name, value: new Date(time).toUTCString() });
    }
  },
};

/** Options without a value. `on` is false for `--no-…`. */
export const FLAGS: Readonly<Record<string, (options: CurlOptions, on: boolean) => void>> = {
  get: (options, on) => (options.dataInQuery = on),
  head: (options, on) => (options.headOnly = on),
  insecure: (options, on) => (options.insecure = on),
  globoff: (options, on) => (options.globOff = on),
  location: (options, on) => (options.follows = on),
  'location-trusted': (options, on) => {
    options.follows = on;
    if (on) options.unsupported.push('--location-trusted');
  },
  compressed: (options, on) => (options.compressed = on),
  digest: (options, on) => (options.digest = on),
  'http1.0': (options) => {
    options.version = '1.1';
    options.unsupported.push('--http1.0');
  },
  'http1.1': (options) => (options.version = '1.1'),
  http2: (options) => (options.http2 = true),
  'http2-prior-knowledge': (options) => (options.version = '2'),
  ipv4: (options) => (options.family = 4),
  ipv6: (options) => (options.family = 6),
  'tlsv1.0': (options) => (options.tls.minVersion = 'TLSv1'),
  'tlsv1.1': (options) => (options.tls.minVersion = 'TLSv1.1'),
  'tlsv1.2': (options) => (options.tls.minVersion = 'TLSv1.2'),
  'tlsv1.3': (options) => (options.tls.minVersion = 'TLSv1.3'),
};

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Options for curl's output, for other protocols, or for what Drumline always does. */
export const IRRELEVANT_FLAGS = names(
  `silent show-error verbose include show-headers fail fail-with-body fail-early remote-name remote-name-all
  remote-header-name remote-time progress-bar progress-meter buffer create-dirs disable tcp-nodelay keepalive
  parallel parallel-immediate styled-output clobber xattr basic trace-time trace-ids raw list-only metalink
  ssl-reqd skip-existing compressed-ssh eprt epsv disable-eprt disable-epsv disallow-username-in-url ftp-create-dirs ftp-pasv ftp-pret
  ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control mail-rcpt-allowfails remove-on-error sasl-ir tftp-no-options
  out-null ftp-ssl manual version`,
);
export const IRRELEVANT_VALUES = names(
  `output output-dir write-out dump-header stderr trace trace-ascii trace-config libcurl cookie-jar etag-save proto
  proto-default proto-redir create-file-mode max-filesize expect100-timeout keepalive-time keepalive-cnt
  parallel-max parallel-max-host rate help egd-file random-file ftp-account ftp-alternative-to-user ftp-method
  ftp-ssl-ccc-mode hostpubmd5 hostpubsha256 krb mail-auth mail-from mail-rcpt pubkey sasl-authzid tftp-blksize
  upload-flags knownhosts`,
);

/** Options that change requests and that scenarios do not support. */
export const UNSUPPORTED_FLAGS = names(
  `http0.9 http3 http3-only post301 post302 post303 follow ntlm ntlm-wb negotiate anyauth proxytunnel netrc
  netrc-optional path-as-is alpn sessionid npn tcp-fastopen mptcp false-start cert-status doh-insecure
  doh-cert-status junk-session-cookies tr-encoding tlsv1 sslv2 sslv3 ssl ssl-allow-beast ssl-no-revoke
  ssl-revoke-best-effort ssl-auto-client-cert tls-earlydata retry-all-errors retry-connrefused proxy-insecure
  proxy-basic proxy-digest proxy-ntlm proxy-anyauth proxy-negotiate proxy-http2 proxy-ca-native
  proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1 ca-native use-ascii append crlf form-escape
  suppress-connect-headers ignore-content-length haproxy-protocol socks5-basic socks5-gssapi socks5-gssapi-nec`,
);
export const UNSUPPORTED_VALUES = names(
  `proxy-header proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-key
  proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype
  proxy-tlspassword proxy-tlsuser proxy1.0 preproxy noproxy socks4 socks4a socks5 socks5-hostname
  socks5-gssapi-service local-port dns-servers dns-interface dns-ipv4-addr dns-ipv6-addr doh-url unix-socket
  abstract-unix-socket retry retry-delay retry-max-time limit-rate speed-limit speed-time aws-sigv4 capath
  cert-type key-type crlfile pinnedpubkey tls13-ciphers curves sigalgs engine netrc-file delegation
  happy-eyeballs-timeout-ms haproxy-clientip alt-svc hsts etag-compare ip-tos login-options continue-at quote
  variable ech request-target ipfs-gateway expand-url expand-data expand-header service-name tlsuser tlspassword
  tlsauthtype ssl-sessions vlan-priority ftp-port telnet-option`,
);

/** Long names of the one-letter options. */
export const SHORT: Readonly<Record<string, string>> = {
  A: 'user-agent',
  B: 'use-ascii',
  C: 'continue-at',
  D: 'dump-header',
  E: 'cert',
  F: 'form',
  G: 'get',
  H: 'header',
  I: 'head',
  J: 'remote-header-name',
  K: 'config',
  L: 'location',
  N: 'no-buffer',
  O: 'remote-name',
  P: 'ftp-port',
  Q: 'quote',
  R: 'remote-time',
  S: 'show-error',
  T: 'upload-file',
  U: 'proxy-user',
  X: 'request',
  Y: 'speed-limit',
  Z: 'parallel',
  a: 'append',
  b: 'cookie',
  c: 'cookie-jar',
  d: 'data',
  e: 'referer',
  f: 'fail',
  g: 'globoff',
  i: 'include',
  j: 'junk-session-cookies',
  k: 'insecure',
  l: 'list-only',
  m: 'max-time',
  n: 'netrc',
  o: 'output',
  p: 'proxytunnel',
  q: 'disable',
  r: 'range',
  s: 'silent',
  t: 'telnet-option',
  u: 'user',
  v: 'verbose',
  w: 'write-out',
  x: 'proxy',
  y: 'speed-time',
  z: 'time-cond',
  0: 'http1.0',
  1: 'tlsv1',
  2: 'sslv2',
  3: 'sslv3',
  4: 'ipv4',
  6: 'ipv6',
  '#': 'progress-bar',
};
