// Every connection failure has a hint that names a setting. The exceptions are listed here.
import { failureHint } from '@drumline/model';
import { expect, test } from '@jest/globals';
import { connectionEnded, ErrorCode, streamReset } from '../h2/errors.js';
import { proxyRefusal, ofProxy } from '../undici/proxy.js';
import {
  aborted,
  bodyFailed,
  CLOSED_WHILE_IDLE,
  CLOSED_WHILE_OPENING,
  closedEarly,
  lengthMismatch,
  malformed,
  timedOut,
  type Failure,
} from './failure.js';
import { lookUpFailure, socketFailure } from './socket-errors.js';

const error = (code: string, more: object = {}): Error => Object.assign(new Error('x'), { code, ...more });

const codes = (text: string): string[] => text.trim().split(/\s+/);

const SOCKETS = codes(`
  ECONNREFUSED EHOSTUNREACH ENETUNREACH EHOSTDOWN ECONNRESET EPIPE ECONNABORTED ETIMEDOUT
  EMFILE ENFILE EADDRNOTAVAIL EADDRINUSE ENOBUFS ENOMEM EUNKNOWN`).map((code) => socketFailure(error(code)));

const TLS = codes(`
  CERT_HAS_EXPIRED CERT_NOT_YET_VALID DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN
  UNABLE_TO_VERIFY_LEAF_SIGNATURE ERR_TLS_CERT_ALTNAME_INVALID ERR_SSL_WRONG_VERSION_NUMBER
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA ERR_SSL_ANYTHING_ELSE`).map((code) => socketFailure(error(code)));

const HTTP2 = Object.values(ErrorCode).flatMap((code) => [streamReset(code), connectionEnded(code)]);

const FAILURES: Failure[] = [
  ...SOCKETS,
  ...TLS,
  ...HTTP2,
  socketFailure(error('EADDRNOTAVAIL', { syscall: 'bind' })),
  lookUpFailure(error('ENOTFOUND'), 'shop.example'),
  lookUpFailure(error('EAI_AGAIN'), 'shop.example'),
  { class: 'dns', code: 'NO_ADDRESS', message: 'no address of the family asked for: shop.example' },
  ...(['connect', 'headers', 'body', 'whole'] as const).map((phase) => timedOut(phase, 1_000)),
  closedEarly(false),
  closedEarly(true),
  CLOSED_WHILE_IDLE,
  CLOSED_WHILE_OPENING,
  malformed('X', 'no status'),
  lengthMismatch('more', 5),
  proxyRefusal(407),
  proxyRefusal(502),
  ofProxy(socketFailure(error('ECONNREFUSED'))),
];

test.each(FAILURES.map((failure) => [failure.message]))('%s', (message) => {
  expect(failureHint(message)).toMatch(/http\.\w+|https?:\/\/|bodyLength|memory|timeout/);
  expect(failureHint(`UNAVAILABLE: ${message}`)).toBeDefined();
});

test.each([
  ['a request that the user cancelled', aborted('interrupted')],
  ['an error from the user\u2019s own stream', bodyFailed(new Error('x'))],
])('%s needs no hint', (_, { message }) => {
  expect(failureHint(message)).toBeUndefined();
});
