import { grouped } from './grouped.js';
import type { Values } from './step.js';

/**
 * What browsers, proxies and tracing add to every request by themselves, or what Drumline sends
 * anyway.
 */
const NOISE = new Set(
  `accept accept-charset accept-encoding accept-language alt-used cache-control connection content-length cookie dnt
  expect host if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive origin pragma priority
  proxy-authorization proxy-connection purpose referer save-data te trailer transfer-encoding upgrade
  upgrade-insecure-requests user-agent via x-client-data x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip
  traceparent tracestate baggage sentry-trace newrelic x-request-start x-amzn-trace-id x-cloud-trace-context`.split(
    /\s+/,
  ),
);

const NOISE_PREFIXES = [':', 'sec-', 'access-control-', 'x-datadog-', 'x-b3-', 'x-devtools-'];

/** The content types that the options for bodies send by themselves. */
const OWN_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/**
 * The headers that a person would write: those by which a server decides, without what comes with
 * every client.
 * @param option how the body is sent: its own content type need not be said
 */
export function usefulHeaders(
  headers: readonly (readonly [name: string, value: string])[],
  option: 'json' | 'form' | 'multipart' | 'body' | undefined,
): Values {
  const useful = headers.flatMap(([written, value]): [string, string][] => {
    const name = written.toLowerCase();
    if (name === 'accept' && isSpecific(value)) return [[name, value]];
    if (name === 'user-agent' && !/^(?:Mozilla\/|curl\/)/.test(value) && value !== '') return [[name, value]];
    if (NOISE.has(name) || NOISE_PREFIXES.some((prefix) => name.startsWith(prefix))) return [];
    if (name === 'content-type' && saysNothing(value, option)) return [];
    return [[name, value]];
  });
  return grouped(useful);
}

/** A type that one asks an API for, in contrast to what browsers and libraries send everywhere. */
function isSpecific(accept: string): boolean {
  return /^(?:application|text)\/(?!html|css|xhtml)/.test(accept) && !accept.includes('*/*');
}

function saysNothing(
  contentType: string,
  option: 'json' | 'form' | 'multipart' | 'body' | undefined,
): boolean {
  if (option === undefined || option === 'multipart') return true;
  return option !== 'body' && baseType(contentType) === OWN_TYPES[option];
}

/** `text/html` of `text/html; charset=utf-8`. */
export function baseType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}
