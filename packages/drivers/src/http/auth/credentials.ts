import { optionKeys, requireKnownKeys } from '@drumline/model';
import { basicAuthorization } from '../../url/target.js';
import { DigestAuthenticator } from './authenticator.js';

/**
 * Credentials of a user: name and password, or a bearer token.
 *
 * Name and password are sent with every request (Basic, RFC 7617), and so is a bearer token (RFC
 * 6750). With `digest: true`, the client answers the server's digest challenges instead (RFC 7616).
 */
export type Credentials =
  | { readonly username: string; readonly password: string; readonly digest?: boolean }
  | { readonly bearer: string };

const LOGIN_KEYS = optionKeys<Exclude<Credentials, { bearer: string }>>({
  username: true,
  password: true,
  digest: true,
});
const BEARER_KEYS = optionKeys<Extract<Credentials, { bearer: string }>>({ bearer: true });

/** Checks credentials. @throws TypeError if they cannot be sent */
export function requireCredentials(credentials: Credentials | undefined): void {
  if (credentials === undefined) return;
  requireKnownKeys(credentials, 'bearer' in credentials ? BEARER_KEYS : LOGIN_KEYS, 'auth');
}

export function digestOf(credentials: Credentials | undefined): DigestAuthenticator | undefined {
  if (credentials === undefined || 'bearer' in credentials || credentials.digest !== true) return undefined;
  return new DigestAuthenticator(credentials);
}

/** The `authorization` header for every request. */
export function authorizationOf(credentials: Credentials): string {
  return 'bearer' in credentials
    ? `Bearer ${credentials.bearer}`
    : basicAuthorization(credentials.username, credentials.password);
}
