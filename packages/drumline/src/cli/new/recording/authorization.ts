import { callDoc } from '../code/call.js';
import { concat, isCode, type ContextName, type Text, type Value } from '../code/code.js';
import { propertyDoc } from '../code/literal.js';
import type { Statement } from '../draft.js';
import type { Secrets } from './secrets.js';
import type { Step } from './step.js';

/**
 * Authorization that comes from outside the recording: said once, when a user starts, if all requests that have one have the
 * same, else with each request.
 */
export function takeAuthorization(
  steps: readonly Step[],
  secrets: Secrets,
): { readonly onStart: Statement[]; readonly apply: (step: Step) => Step } {
  const values = steps
    .flatMap(({ headers }) => headers['authorization'] ?? [])
    .filter((value) => typeof value === 'string');
  const [only, ...others] = new Set(values.map(lasting));
  if (only !== undefined && others.length === 0)
    return { onStart: [authorize(only, secrets)], apply: without };
  const own = (step: Step): Step => {
    const { authorization } = step.headers;
    if (typeof authorization !== 'string') return step;
    const [, scheme = '', token = authorization] = /^(Bearer\s+)(.*)$/is.exec(authorization) ?? [];
    const concealed = secrets.conceal(token, scheme === '' ? ['authorization'] : ['api', 'token']);
    return { ...step, headers: { ...step.headers, authorization: concat([scheme, concealed]) } };
  };
  return { onStart: [], apply: own };
}

function without(step: Step): Step {
  const { authorization, ...headers } = step.headers;
  return typeof authorization === 'string' ? { ...step, headers } : step;
}

/** What stays the same in all requests: answers to a challenge (RFC 7616) do not, but for the user. */
function lasting(header: string): string {
  if (!/^Digest /i.test(header)) return header;
  return `Digest ${(header.match(/\b(?:username|password)="[^"]*"/g) ?? []).join(', ')}`;
}

/** `http.auth(…)`, or the header itself for schemes that it does not know. */
function authorize(header: string, secrets: Secrets): Statement {
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return authWith({ bearer: secrets.conceal(rest, ['api', 'token']) });
  if (scheme.toLowerCase() === 'digest') {
    const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(rest)?.[1] ?? '';
    const password = secrets.conceal(field('password'), ['password']);
    return authWith({ username: field('username'), password, digest: true });
  }
  const login = scheme.toLowerCase() === 'basic' ? Buffer.from(rest, 'base64').toString() : '';
  if (login.includes(':')) {
    const colon = login.indexOf(':');
    const password = secrets.conceal(login.slice(colon + 1), ['password']);
    return authWith({ username: login.slice(0, colon), password });
  }
  return setHeader('authorization', secrets.conceal(header, ['authorization']));
}

/** `http.auth({ bearer: token })` */
export function authWith(credentials: { readonly [name: string]: Value }): Statement {
  const properties = Object.entries(credentials).map(([name, value]) => propertyDoc(name, value));
  return {
    kind: 'code',
    doc: callDoc('http.auth', [], properties),
    uses: ['http', ...usesOf(Object.values(credentials))],
  };
}

/** `http.headers.set('x-csrf-token', csrfToken)` */
export function setHeader(name: string, value: Text): Statement {
  return {
    kind: 'code',
    doc: callDoc('http.headers.set', [name, value]),
    uses: ['http', ...usesOf([value])],
  };
}

/** `http.cookies.set('session', SESSION)` */
export function setCookie(name: string, value: Text): Statement {
  return {
    kind: 'code',
    doc: callDoc('http.cookies.set', [name, value]),
    uses: ['http', ...usesOf([value])],
  };
}

function usesOf(values: readonly Value[]): readonly ContextName[] {
  return values.flatMap((value) => (isCode(value) ? value.uses : []));
}
