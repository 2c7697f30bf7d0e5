/** A URL as it is shown: without user and password. Other texts stay as they are. */
export function withoutLogin(url: string): string {
  return url.replace(/^([\w+.-]+:\/\/)[^/?#]*@/, '$1');
}
