import { inspect } from 'node:util';
import { HttpResponse } from '@drumline/drivers';
import { clip } from '@drumline/model';

/** The most of a body or value that is described, characters. */
const MAX_CHARS = 500;

/** What a failing check was applied to: of a response, its status and the start of its body. */
export function describeValue(value: unknown): string {
  try {
    if (value instanceof HttpResponse) return describeResponse(value);
    if (typeof value === 'string') return clip(JSON.stringify(value), MAX_CHARS);
    return clip(inspect(value, { depth: 3, breakLength: 100, maxArrayLength: 20 }), MAX_CHARS);
  } catch (error) {
    return `a value that cannot be shown (${String(error)})`;
  }
}

function describeResponse(response: HttpResponse): string {
  const { status, statusText, failure } = response;
  if (status === 0) return `no response: ${failure ?? 'unknown'}`;
  const head = `status ${status}${statusText === '' ? '' : ` ${statusText}`}`;
  const body = bodyOf(response);
  return body === undefined ? head : `${head}, body ${body}`;
}

function bodyOf(response: HttpResponse): string | undefined {
  try {
    const text = response.text();
    return text === '' ? 'empty' : clip(text.replaceAll(/\s+/g, ' '), MAX_CHARS);
  } catch {
    return undefined;
  }
}
