import { Code, type Value } from '../code/code.js';
import { bodyOf, formFields } from './body.js';
import { grouped } from './grouped.js';
import { usefulHeaders } from './headers.js';
import type { RecordedRequest } from './recorded.js';
import { pathNameOf, type Step, type Values } from './step.js';

/** Converts a recorded request to a step, with useful headers and parsed query and body. */
export function stepOf({ method, url, headers, body, startedMs = NaN, response }: RecordedRequest): Step {
  const draft = body && bodyOf(body);
  const segments = url.pathname.split('/');
  const search = url.search.slice(1);
  const fields = formFields(search);
  const written =
    draft && body && body.mimeType !== ''
      ? [...headers.filter(isNotType), ['content-type', body.mimeType] as const]
      : headers;
  return {
    method: method.toUpperCase(),
    origin: url.origin,
    segments,
    pathName: pathNameOf(segments),
    rawQuery: fields === undefined ? search : '',
    query: fields === undefined ? {} : queryOf(grouped(fields), startedMs),
    headers: usefulHeaders(written, draft?.option),
    body: draft,
    options: response === undefined ? {} : expected(response.status),
    response,
  };
}

function isNotType([name]: readonly [string, string]): boolean {
  return name.toLowerCase() !== 'content-type';
}

const DAY_MS = 86_400_000;

/**
 * Converts numeric texts to numbers. A timestamp near the time of the recording, which bypasses
 * caches, becomes `Date.now()`.
 */
function queryOf(fields: Values, startedMs: number): Values {
  const written = (value: Value): Value => {
    if (typeof value !== 'string') return Array.isArray(value) ? value.map(written) : value;
    if (/^\d{13}$/.test(value) && Math.abs(Number(value) - startedMs) < DAY_MS) return new Code('Date.now()');
    return /^(?:0|-?[1-9]\d{0,8})$/.test(value) ? Number(value) : value;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, written(value)]));
}

/** The `expect` option for a recorded 4xx status. A 5xx status is not expected. */
function expected(status: number): Step['options'] {
  return status >= 400 && status < 500 ? { expect: status } : {};
}
