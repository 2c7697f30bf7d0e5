import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether an `Authorization` header holds the token (RFC 6750, section 2.1). Takes constant time.
 */
export type ShowsToken = (authorization: string | undefined) => boolean;

export function bearerCheck(token: string): ShowsToken {
  const expected = digest(token);
  return (authorization = '') => {
    const [, given] = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization) ?? [];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

/** `timingSafeEqual` needs inputs of equal length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
