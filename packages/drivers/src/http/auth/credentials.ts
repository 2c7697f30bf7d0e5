import { optionKeys, requireKnownKeys } from '@drumline/model';
import { basicAuthorization } from '../target.js';
import { DigestAuthenticator } from './authenticator.js';

/**
 * Who the user is. `digest: true` answers the challenges of servers that ask for a digest (RFC 7616), and from then on sends one with
 * every request; otherwise name and password go out with every request (Basic, RFC 7617), and so does a bearer token (RFC 6750).
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

/** @throws TypeError for what no server could be shown */
export function requireCredentials(credentials: Credentials | undefined): void {
  if (credentials === undefined) return;
  requireKnownKeys(credentials, 'bearer' in credentials ? BEARER_KEYS : LOGIN_KEYS, 'auth');
}

export function digestOf(credentials: Credentials | undefined): DigestAuthenticator | undefined {
  if (credentials === undefined || 'bearer' in credentials || credentials.digest !== true) return undefined;
  return new DigestAuthenticator(credentials);
}

/** The `authorization` header that goes with every request. */
export function authorizationOf(credentials: Credentials): string {
  return 'bearer' in credentials
    ? `Bearer ${credentials.bearer}`
    : basicAuthorization(credentials.username, credentials.password);
}
