const TRUST =
  'Trust the authority with http.tls.ca (PEM text), or accept any certificate with http.tls.rejectUnauthorized: false.';
const UNVERIFIED = 'Accept any certificate with http.tls.rejectUnauthorized: false.';
const CLIENT_CERTIFICATE =
  'Give a certificate that it accepts with http.tls.cert and http.tls.key (PEM text).';
const VERSION = "Leave http.version and http.tls.alpn out, or set http.version: '1.1'.";
const HTTP_1_1 = "Set http.version: '1.1'.";

/** By failure, as drivers word it: those whose cause is in the set-up of the test. */
const HINTS: ReadonlyMap<string, string> = new Map([
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
    'no free local port on this worker',
    'Keep connections alive, spread the users over more workers, or give each more addresses with http.localAddresses.',
  ],
  [
    'proxy: user or password missing or wrong (status 407)',
    "Write http.proxy: 'http://user:password@proxy:3128', reserved characters percent-encoded.",
  ],
]);

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
  const own = GRPC_HINTS.find(([start]) => failure.startsWith(start))?.[1];
  return own ?? HINTS.get(failure.replace(NO_ANSWER, ''));
}

/** How failures begin that leave no doubt: the target was not reached at all. */
const UNREACHED =
  /^(?:UNAVAILABLE: )?(?:connection refused|(?:host|network) unreachable|host down|host not found: |name look-up failed: |connection timed out|connect time-out |proxy: |TLS: )/;

/** Whether a failure, as drivers word it, means that no connection to the target could be opened. */
export function isUnreached(failure: string): boolean {
  return UNREACHED.test(failure);
}
