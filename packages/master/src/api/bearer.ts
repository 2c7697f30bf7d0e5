import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells whether an `Authorization` header shows the token (RFC 6750, section 2.1), in a time that says nothing about it. */
export type ShowsToken = (authorization: string | undefined) => boolean;

export function bearerCheck(token: string): ShowsToken {
  const expected = digest(token);
  return (authorization = '') => {
    const [, given] = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization) ?? [];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

/** Equal lengths, which `timingSafeEqual` asks for. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
