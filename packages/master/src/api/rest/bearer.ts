import { createHash, timingSafeEqual } from 'node:crypto';
import { API_ROLES, type ApiRole, type RoleTokens } from '@drumline/model';

/**
 * The role of the token in an `Authorization` header (RFC 6750, section 2.1); undefined if it has
 * none of the tokens. Takes constant time.
 */
export type RoleOf = (authorization: string | undefined) => ApiRole | undefined;

export function bearerCheck(tokens: RoleTokens): RoleOf {
  const expected = API_ROLES.flatMap((role) => {
    const token = tokens[role];
    return token === undefined ? [] : [{ role, token: digest(token) }];
  });
  return (authorization = '') => {
    const [, given] = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization) ?? [];
    if (given === undefined) return undefined;
    const mine = digest(given);
    return expected.filter(({ token }) => timingSafeEqual(mine, token)).at(-1)?.role;
  };
}

/** `timingSafeEqual` needs inputs of equal length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
