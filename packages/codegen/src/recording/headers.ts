import { grouped } from './grouped.js';
import type { Values } from './step.js';

/** Headers that browsers, proxies and tracing add to every request, or that Drumline sends. */
const GENERIC = new Set(
  `accept accept-charset accept-encoding accept-language alt-used cache-control connection content-length cookie dnt
  expect host if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive origin pragma priority
  proxy-authorization proxy-connection purpose referer save-data te trailer transfer-encoding upgrade
  upgrade-insecure-requests user-agent via x-client-data x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip
  traceparent tracestate baggage sentry-trace newrelic x-request-start x-amzn-trace-id x-cloud-trace-context`.split(
    /\s+/,
  ),
);

const GENERIC_PREFIXES = [':', 'sec-', 'access-control-', 'x-datadog-', 'x-b3-', 'x-devtools-'];

/** The content types that body options set. */
const IMPLIED_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/**
 * Removes headers that every client sends. The rest are those on which a response may depend.
 * @param option request option of the body, which sets a content type
 */
export function usefulHeaders(
  headers: readonly (readonly [name: string, value: string])[],
  option: 'json' | 'form' | 'multipart' | 'body' | undefined,
): Values {
  const useful = headers.flatMap(([written, value]): [string, string][] => {
    const name = written.toLowerCase();
    if (name === 'accept' && isSpecific(value)) return [[name, value]];
    if (name === 'user-agent' && !/^(?:Mozilla\/|curl\/)/.test(value) && value !== '') return [[name, value]];
    if (GENERIC.has(name) || GENERIC_PREFIXES.some((prefix) => name.startsWith(prefix))) return [];
    if (name === 'content-type' && isImplied(value, option)) return [];
    return [[name, value]];
  });
  return grouped(useful);
}

/** Whether an `Accept` header names a type of an API, unlike the defaults of browsers. */
function isSpecific(accept: string): boolean {
  return /^(?:application|text)\/(?!html|css|xhtml)/.test(accept) && !accept.includes('*/*');
}

function isImplied(contentType: string, option: 'json' | 'form' | 'multipart' | 'body' | undefined): boolean {
  if (option === undefined || option === 'multipart') return true;
  return option !== 'body' && baseType(contentType) === IMPLIED_TYPES[option];
}

/** `text/html` for `text/html; charset=utf-8`. */
export function baseType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}
