import { messageOf } from '@drumline/model';
import type { Failure } from './failure.js';

const NOT_TLS = 'the target does not speak TLS on this port';
const NO_VERSION = 'no version in common';
const REFUSED = 'the target refused the handshake (a cipher or a client certificate may be missing)';
const UNKNOWN_AUTHORITY = 'certificate signed by an unknown authority';
const NOT_ACCEPTED = 'the target does not accept the client certificate';

const WORDS: Record<string, string> = {
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in the chain',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another host',
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: NO_VERSION,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: NO_VERSION,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'the target speaks none of the protocols offered (ALPN)',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: REFUSED,
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': REFUSED,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the target asks for a client certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: NOT_ACCEPTED,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: NOT_ACCEPTED,
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': NOT_ACCEPTED,
};

/** Converts a TLS error into a failure. Returns undefined for other errors. */
export function tlsFailure(error: unknown, code: string): Failure | undefined {
  const words = WORDS[code];
  if (words !== undefined) return { class: 'tls', code, message: `TLS: ${words}` };
  const reason = opensslReason(error);
  if (reason !== undefined) return { class: 'tls', code, message: `TLS: ${reason}` };
  if (/^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|CRL_|INVALID_CA|PATH_LENGTH|HOSTNAME_)/.test(code)) {
    return { class: 'tls', code, message: `TLS: ${messageOf(error)}` };
  }
  return undefined;
}

/** OpenSSL's reason, without the thread id and source line of the full message. */
function opensslReason(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('reason' in error && typeof error.reason === 'string' && 'library' in error) return error.reason;
  return /error:[0-9A-F]{8}:[^:]*:[^:]*:([^:]+):/i.exec(messageOf(error))?.[1];
}
