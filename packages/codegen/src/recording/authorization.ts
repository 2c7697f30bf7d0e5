import { callDoc } from '../code/call.js';
import { concat, isCode, type ContextName, type Text, type Value } from '../code/code.js';
import { propertyDoc } from '../code/literal.js';
import type { Statement } from '../code/draft.js';
import type { Secrets } from './secrets.js';
import type { Step } from './step.js';

/** Statements that set credentials when a user starts, and a change to each step. */
export interface Authorization {
  readonly onStart: readonly Statement[];
  readonly apply: (step: Step) => Step;
}

/**
 * Replaces authorization that no response provides. It is set once, when a user starts, if all
 * requests have the same, otherwise with each request.
 * @param isExact whether a request without authorization never gets it. If false, it gets that of
 *   other requests to the same host
 */
export function extractAuthorization(
  steps: readonly Step[],
  secrets: Secrets,
  { isExact }: { isExact: boolean },
): Authorization {
  const authorized = steps.flatMap(({ origin, headers }) => {
    const { authorization } = headers;
    return typeof authorization === 'string' ? [{ origin, authorization }] : [];
  });
  const origins = new Set(authorized.map(({ origin }) => origin));
  const [only, ...others] = new Set(authorized.map(({ authorization }) => stablePart(authorization)));
  if (only === undefined) return { onStart: [], apply: (step) => step };
  const wouldSpread = steps.some(
    (step) => step.headers['authorization'] === undefined && (isExact || !origins.has(step.origin)),
  );
  if (others.length === 0 && !wouldSpread)
    return { onStart: [authorize(only, secrets)], apply: withoutAuthorization };
  return { onStart: [], apply: (step) => withOwnAuthorization(step, secrets) };
}

/**
 * Sets authorization for one step: as a header, or with `http.auth` before the request and
 * `http.auth()` after it.
 */
function withOwnAuthorization(step: Step, secrets: Secrets): Step {
  const { authorization } = step.headers;
  if (typeof authorization !== 'string') return step;
  if (/^(?:Basic|Digest) /i.test(authorization)) {
    const before = [...(step.before ?? []), authorize(stablePart(authorization), secrets)];
    return { ...withoutAuthorization(step), before, after: [authWith(undefined), ...(step.after ?? [])] };
  }
  const [, scheme = '', token = authorization] = /^(Bearer\s+)(.*)$/is.exec(authorization) ?? [];
  const concealed = secrets.conceal(token, scheme === '' ? ['authorization'] : ['api', 'token']);
  return { ...step, headers: { ...step.headers, authorization: concat([scheme, concealed]) } };
}

function withoutAuthorization(step: Step): Step {
  const { authorization, ...headers } = step.headers;
  return typeof authorization === 'string' ? { ...step, headers } : step;
}

/**
 * The part of a header that all requests share. Of a Digest response (RFC 7616), it is the user.
 */
function stablePart(header: string): string {
  if (!/^Digest /i.test(header)) return header;
  return `Digest ${(header.match(/\b(?:username|password)="[^"]*"/g) ?? []).join(', ')}`;
}

/** `http.auth(…)`, or `http.headers.set(…)` for other schemes. */
function authorize(header: string, secrets: Secrets): Statement {
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return authWith({ bearer: secrets.conceal(rest, ['api', 'token']) });
  if (scheme.toLowerCase() === 'digest') {
    const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(rest)?.[1] ?? '';
    const password = secrets.conceal(field('password'), ['password']);
    return authWith({ username: secrets.expand(field('username')), password, digest: true });
  }
  const login = scheme.toLowerCase() === 'basic' ? Buffer.from(rest, 'base64').toString() : '';
  if (login.includes(':')) {
    const colon = login.indexOf(':');
    const password = secrets.conceal(login.slice(colon + 1), ['password']);
    return authWith({ username: secrets.expand(login.slice(0, colon)), password });
  }
  return setHeader('authorization', secrets.conceal(header, ['authorization']));
}

/** `http.auth({ bearer: token })`, or `http.auth()`, which removes the credentials. */
export function authWith(credentials: { readonly [name: string]: Value } | undefined): Statement {
  if (credentials === undefined) return { kind: 'code', doc: callDoc('http.auth', []), uses: ['http'] };
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
