import { basicAuthorization } from '../target.js';
import { DigestAuthenticator } from './authenticator.js';

/**
 * Who the user is. `digest: true` answers the challenges of servers that ask for a digest (RFC 7616), and from then on sends one with
 * every request; otherwise name and password go out with every request (Basic, RFC 7617), and so does a bearer token (RFC 6750).
 */
export type Credentials =
  | { readonly username: string; readonly password: string; readonly digest?: boolean }
  | { readonly bearer: string };

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
