const TRUST =
  'Trust the authority with http.tls.ca (PEM text), or accept any certificate with http.tls.rejectUnauthorized: false.';
const UNVERIFIED = 'Accept any certificate with http.tls.rejectUnauthorized: false.';
const CLIENT_CERTIFICATE =
  'Set http.tls.cert and http.tls.key (PEM text) to a certificate that the target accepts.';
const VERSION = "Remove http.version and http.tls.alpn, or set http.version: '1.1'.";
const HTTP_1_1 = "Set http.version: '1.1'.";

const REACH =
  'Check the host and port of the target, that it is running, and that firewalls allow connections from the workers. To map a name to an address, use http.hosts.';
const NAME =
  'Check the spelling of the host and the DNS server of the workers. To map a name to an address, use http.hosts.';
const ENDED =
  'The target or a proxy in front of it closed the connection: check their logs and limits. To open fewer connections, use http.connectionsPerUser or http.sharedConnections.';
const MEMORY = 'Give this worker fewer users, or more memory.';
const FILES =
  'Raise the limit of open files (ulimit -n) where the worker starts, give it fewer users, or lower http.connectionsPerUser.';
const MALFORMED =
  "The response is not valid HTTP: check that the port belongs to this protocol. To avoid HTTP/2, set http.version: '1.1'.";
const WEBSOCKET_TIMEOUT =
  'Change the limit with timeout for one connection or one wait, or with http.timeout; 0 disables it.';
const TIMEOUT = 'Change the limit with http.timeout, or with timeout for one request; 0 disables it.';

/**
 * The setting that helps against a failure, by the text that drivers report. Failures that only the
 * target can fix have no entry.
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
    `${ENDED} If the port expects TLS, the target must start with https://.`,
  ],
  [
    'connection closed while it was being opened',
    `${ENDED} Also check whether the port expects TLS: the target starts with https:// if it does, and with http:// if not.`,
  ],
  ['too many open files on this worker (raise ulimit -n)', FILES],
  ['too many open files on this worker', FILES],
  ['no buffer space on this worker', MEMORY],
  ['no memory on this worker', MEMORY],
  [
    'an address of localAddresses does not belong to this worker',
    'List only addresses in http.localAddresses that every worker has, or remove the setting.',
  ],
  ['TLS: self-signed certificate', TRUST],
  ['TLS: self-signed certificate in the chain', TRUST],
  ['TLS: certificate signed by an unknown authority', TRUST],
  ['TLS: certificate has expired', UNVERIFIED],
  ['TLS: certificate is not yet valid', UNVERIFIED],
  [
    'TLS: certificate is for another host',
    'Set http.tls.servername to the host of the certificate, or accept any certificate with http.tls.rejectUnauthorized: false.',
  ],
  ['TLS: the target asks for a client certificate', CLIENT_CERTIFICATE],
  ['TLS: the target does not accept the client certificate', CLIENT_CERTIFICATE],
  [
    'TLS: the target refused the handshake (a cipher or a client certificate may be missing)',
    `${CLIENT_CERTIFICATE} Also check http.tls.ciphers, http.tls.minVersion, http.tls.maxVersion and http.tls.servername.`,
  ],
  [
    'TLS: the target does not speak TLS on this port',
    'Start the target with http://, or use the port that expects TLS.',
  ],
  [
    'TLS: no version in common',
    "Lower http.tls.minVersion. TLSv1 and TLSv1.1 also need http.tls.ciphers: 'DEFAULT:@SECLEVEL=0'.",
  ],
  ['TLS: the target does not speak HTTP/2 (ALPN)', VERSION],
  ['TLS: the target speaks none of the protocols offered (ALPN)', VERSION],
  [
    'idle connection closed by the server as the request was sent',
    "The server closes idle connections after a time that it does not announce: set http.idleTimeout to less than that. Requests that are not idempotent, such as POST, are not retried unless they have an 'Idempotency-Key' header.",
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
    'Keep connections alive, spread the users over more workers, or add local addresses with http.localAddresses.',
  ],
  [
    'proxy: user or password missing or wrong (status 407)',
    "Set http.proxy: 'http://user:password@proxy:3128', with reserved characters percent-encoded.",
  ],
]);

/** Hints for failures whose text varies after its start. */
const HINTS_BY_START: readonly (readonly [start: string, hint: string])[] = [
  ['host not found: ', NAME],
  ['name lookup failed: ', NAME],
  [
    'no address of the family asked for: ',
    'Remove http.dns.family, or set it to the family of the addresses that the host has.',
  ],
  ['no handshake within ', WEBSOCKET_TIMEOUT],
  ['no matching message within ', WEBSOCKET_TIMEOUT],
  ['no pong within ', WEBSOCKET_TIMEOUT],
  ['no closing handshake within ', WEBSOCKET_TIMEOUT],
  ['connect timeout after ', `${REACH} Change the limit with http.connectTimeout.`],
  ['timeout waiting for the response after ', 'Change the limit with http.firstByteTimeout; 0 disables it.'],
  ['timeout inside the response after ', TIMEOUT],
  ['timeout after ', TIMEOUT],
  ['proxy: ', 'Check http.proxy, and that the proxy allows connections from the workers to the target.'],
  [
    'TLS: ',
    'Check the TLS settings in http.tls: ca, cert, key, minVersion, maxVersion, ciphers, servername, alpn.',
  ],
  ['malformed response: ', MALFORMED],
  ['stream reset by the server (', ENDED],
  ['connection closed by the server (', ENDED],
  ['connection failed: ', ENDED],
  [
    'too many redirects (',
    'Change the limit with http.redirects, or with redirects for one request; 0 follows none.',
  ],
  ["the request's body has ", 'Set bodyLength to the number of bytes of the stream, or remove it.'],
];

const GRPC_PORT =
  'Check that the port is a gRPC port, that proxies in front of it forward HTTP/2, and whether it expects TLS (https://…).';

/** Hints for gRPC failures by the start of their text, where the hint for HTTP would mislead. */
const GRPC_HINTS: readonly (readonly [start: string, hint: string])[] = [
  [
    'UNIMPLEMENTED',
    'Check that the target is the right server, and the spelling of package, service and method. `drumline grpc list TARGET` lists the methods of the server.',
  ],
  ['UNAVAILABLE: TLS: the target does not speak HTTP/2 (ALPN)', GRPC_PORT],
  ['UNAVAILABLE: TLS: the target speaks none of the protocols offered (ALPN)', GRPC_PORT],
  ['UNAVAILABLE: malformed response: it does not begin with SETTINGS', GRPC_PORT],
  ['RESOURCE_EXHAUSTED: a message from the server is longer', 'Raise maxReceiveBytes of the service.'],
];

/**
 * Failures that have a hint: their whole text, or its start. docs/troubleshooting.md explains each.
 */
export const HINTED_FAILURES: readonly string[] = [
  ...HINTS.keys(),
  ...[...HINTS_BY_START, ...GRPC_HINTS].map(([start]) => start),
];

/** The gRPC status of a call without an answer. The failure of the connection follows it. */
const NO_ANSWER = /^UNAVAILABLE: /;

/** What the user can change to avoid a failure; undefined if only the target can fix it. */
export function failureHint(failure: string): string | undefined {
  const own = startOf(GRPC_HINTS, failure);
  if (own !== undefined) return own;
  const plain = failure.replace(NO_ANSWER, '');
  return HINTS.get(plain) ?? startOf(HINTS_BY_START, plain);
}

function startOf(hints: typeof HINTS_BY_START, failure: string): string | undefined {
  return hints.find(([start]) => failure.startsWith(start))?.[1];
}

/** The start of failures which show that the target was not reached. */
const UNREACHED =
  /^(?:UNAVAILABLE: )?(?:connection refused|(?:host|network) unreachable|host down|host not found: |name look-?up failed: |no address of the family asked for: |connection timed out|connect time-?out |proxy: |TLS: )/;

/** Whether a failure, by the text that drivers report, means that no connection could be opened. */
export function isUnreached(failure: string): boolean {
  return UNREACHED.test(failure);
}
