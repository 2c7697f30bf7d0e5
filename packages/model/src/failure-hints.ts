const TRUST =
  'Trust the authority with http.tls.ca (PEM text), or accept any certificate with http.tls.rejectUnauthorized: false.';
const UNVERIFIED = 'Accept any certificate with http.tls.rejectUnauthorized: false.';
const CLIENT_CERTIFICATE =
  'Give a certificate that it accepts with http.tls.cert and http.tls.key (PEM text).';
const VERSION = "Leave http.version and http.tls.alpn out, or set http.version: '1.1'.";
const HTTP_1_1 = "Set http.version: '1.1'.";

const REACH =
  'Check host and port of the target, and that it is running; firewalls must let the workers through. An address for a name is given with http.hosts.';
const NAME =
  'Check the spelling of the host, and the name server of the workers; http.hosts gives a name its address.';
const ENDED =
  'Something on the way ended the connection: look at the logs and limits of the target and its proxies. Fewer connections at once: http.connectionsPerUser or http.sharedConnections.';
const MEMORY = 'Give this worker fewer users, or more memory.';
const FILES =
  'Raise the limit of open files (ulimit -n) where the worker starts, give it fewer users, or set http.connectionsPerUser lower.';
const MALFORMED =
  "The answer breaks the rules of HTTP: check that the port is that of the protocol. HTTP/2 is avoided with http.version: '1.1'.";
const TIMEOUT = 'The limit is http.timeout, or timeout of the request; 0 is none.';

/**
 * By failure, as drivers word it: the setting that helps. What is the target's matter alone has
 * none.
 */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['connection refused', REACH],
  ['host unreachable', REACH],
  ['network unreachable', REACH],
  ['host down', REACH],
  ['connection timed out', REACH],
  ['connection reset', ENDED],
  ['connection closed inside the response', ENDED],
  [
    'connection closed without a response',
    `${ENDED} If the port wants TLS, the target must begin with https://.`,
  ],
  [
    'connection closed while it was being opened',
    `${ENDED} If the port wants TLS, or does not, check https:// and http:// of the target.`,
  ],
  ['too many open files on this worker (raise ulimit -n)', FILES],
  ['too many open files on this worker', FILES],
  ['no buffer space on this worker', MEMORY],
  ['no memory on this worker', MEMORY],
  [
    'an address of localAddresses is none of this worker',
    'List in http.localAddresses only addresses that each worker has, or leave it out.',
  ],
  ['TLS: self-signed certificate', TRUST],
  ['TLS: self-signed certificate in the chain', TRUST],
  ['TLS: certificate of an unknown authority', TRUST],
  ['TLS: certificate has expired', UNVERIFIED],
  ['TLS: certificate is not yet valid', UNVERIFIED],
  [
    'TLS: certificate is for another host',
    'Name the host that it is for with http.tls.servername, or accept any certificate with http.tls.rejectUnauthorized: false.',
  ],
  ['TLS: the target asks for a client certificate', CLIENT_CERTIFICATE],
  ['TLS: the target does not accept the client certificate', CLIENT_CERTIFICATE],
  [
    'TLS: the target refused the handshake (a cipher or a client certificate may be missing)',
    `${CLIENT_CERTIFICATE} Ciphers and versions are http.tls.ciphers, http.tls.minVersion and http.tls.maxVersion; the name that is asked for is http.tls.servername.`,
  ],
  [
    'TLS: the target does not speak TLS on this port',
    'Begin the target with http://, or name the port that speaks TLS.',
  ],
  [
    'TLS: no version in common',
    "Set http.tls.minVersion lower; TLSv1 and TLSv1.1 also need http.tls.ciphers: 'DEFAULT:@SECLEVEL=0'.",
  ],
  ['TLS: the target does not speak HTTP/2 (ALPN)', VERSION],
  ['TLS: the target speaks none of the protocols offered (ALPN)', VERSION],
  [
    'idle connection closed by the server as the request was sent',
    "The server closes idle connections after a time that it does not announce: set http.idleTimeout below it. Requests that may not be repeated, as POST, are not sent again; an 'Idempotency-Key' header says that they may be.",
  ],
  ['stream reset by the server (HTTP_1_1_REQUIRED)', HTTP_1_1],
  ['connection closed by the server (HTTP_1_1_REQUIRED)', HTTP_1_1],
  [
    'stream reset by the server (ENHANCE_YOUR_CALM)',
    'The server limits what one connection may ask for: set http.maxStreams lower, or use more connections with http.sharedConnections.',
  ],
  [
    'connection closed by the server (ENHANCE_YOUR_CALM)',
    'The server limits what one connection may ask for: set http.maxStreams lower, or use more connections with http.sharedConnections.',
  ],
  [
    'no free local port on this worker',
    'Keep connections alive, spread the users over more workers, or give each more addresses with http.localAddresses.',
  ],
  [
    'proxy: user or password missing or wrong (status 407)',
    "Write http.proxy: 'http://user:password@proxy:3128', reserved characters percent-encoded.",
  ],
]);

/** By how a failure begins, where the rest changes. */
const HINTS_BY_START: readonly (readonly [start: string, hint: string])[] = [
  ['host not found: ', NAME],
  ['name look-up failed: ', NAME],
  ['connect time-out after ', `${REACH} The limit is http.connectTimeout.`],
  ['time-out waiting for the response after ', 'The limit is http.firstByteTimeout; 0 is none.'],
  ['time-out inside the response after ', TIMEOUT],
  ['time-out after ', TIMEOUT],
  ['proxy: ', 'Check http.proxy, and that the proxy lets the workers through to the target.'],
  [
    'TLS: ',
    'The settings of TLS are http.tls: ca, cert, key, minVersion, maxVersion, ciphers, servername, alpn.',
  ],
  ['malformed response: ', MALFORMED],
  ['stream reset by the server (', ENDED],
  ['connection closed by the server (', ENDED],
  ['connection failed: ', ENDED],
  ['too many redirects (', 'The limit is http.redirects, or redirects of the request; 0 follows none.'],
  ["the request's body has ", 'Give bodyLength the number of bytes that the stream brings, or leave it out.'],
];

const GRPC_PORT =
  'Check that the port is that of gRPC, that what stands before it lets HTTP/2 through, and whether it wants TLS (https://…).';

/** Those of gRPC by how they begin: its own, and where HTTP's would mislead. */
const GRPC_HINTS: readonly (readonly [start: string, hint: string])[] = [
  [
    'UNIMPLEMENTED',
    'Check that the target is the right server and that package, service and method are spelt as there: drumline grpc list TARGET shows what it offers.',
  ],
  ['UNAVAILABLE: TLS: the target does not speak HTTP/2 (ALPN)', GRPC_PORT],
  ['UNAVAILABLE: TLS: the target speaks none of the protocols offered (ALPN)', GRPC_PORT],
  ['UNAVAILABLE: malformed response: it does not begin with SETTINGS', GRPC_PORT],
  ['RESOURCE_EXHAUSTED: a message from the server is longer', 'Raise maxReceiveBytes of the service.'],
];

/** The status that stands for an answer that never came; the words of the connection follow it. */
const NO_ANSWER = /^UNAVAILABLE: /;

/** What the user can do about a failure; undefined if that is the target's matter. */
export function failureHint(failure: string): string | undefined {
  const own = startOf(GRPC_HINTS, failure);
  if (own !== undefined) return own;
  const plain = failure.replace(NO_ANSWER, '');
  return HINTS.get(plain) ?? startOf(HINTS_BY_START, plain);
}

function startOf(hints: typeof HINTS_BY_START, failure: string): string | undefined {
  return hints.find(([start]) => failure.startsWith(start))?.[1];
}

/** How failures begin that leave no doubt: the target was not reached at all. */
const UNREACHED =
  /^(?:UNAVAILABLE: )?(?:connection refused|(?:host|network) unreachable|host down|host not found: |name look-up failed: |connection timed out|connect time-out |proxy: |TLS: )/;

/**
 * Whether a failure, as drivers word it, means that no connection to the target could be opened.
 */
export function isUnreached(failure: string): boolean {
  return UNREACHED.test(failure);
}
