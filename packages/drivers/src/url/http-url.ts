/**
 * Parses a URL from user input: a target or the URL of a request. All code uses this function.
 * @param what kind of URL for messages: `target`, `URL`
 * @throws TypeError with the reason if it cannot be requested
 */
export function parseHttpUrl(text: string, what: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new TypeError(
      `'${text}' is not a valid ${what}: write, for example, https://shop.example/products`,
      {
        cause,
      },
    );
  }
  const problem = problemOf(text, url);
  if (problem !== undefined) throw new TypeError(`'${text}' is not a valid ${what}: ${problem}`);
  return url;
}

function problemOf(text: string, { protocol, port }: URL): string | undefined {
  if (protocol !== 'http:' && protocol !== 'https:') return 'it must begin with http: or https:';
  if (port === '0') return 'its port must be from 1 to 65535';
  // The URL parser would remove them silently.
  return /[\t\r\n]/.test(text) ? 'tabs and line breaks must be percent-encoded' : undefined;
}

/**
 * User name and password of a URL, decoded; empty if missing.
 * @throws TypeError if they are not percent-encoded
 */
export function credentialsOf(url: URL): { readonly username: string; readonly password: string } {
  let username: string;
  let password: string;
  try {
    [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  } catch (cause) {
    throw new TypeError(
      "the user name or password in the URL is not percent-encoded: write '%25' for '%' and '%40' for '@'",
      { cause },
    );
  }
  requireBasicName(username);
  return { username, password };
}

/** Checks a user name. @throws TypeError if it has a colon (RFC 7617, section 2) */
export function requireBasicName(username: string): void {
  if (!username.includes(':')) return;
  throw new TypeError(
    `the user name '${username}' must not contain a colon: the server would read the rest as the password`,
  );
}

/**
 * The problem with a target; undefined if there is none. Parts without an effect are problems too.
 */
export function targetProblem(text: string): string | undefined {
  try {
    const url = parseHttpUrl(text, 'target');
    credentialsOf(url);
    if (text !== text.trim()) return `'${text}' has spaces around it: remove them`;
    const extra = url.search + url.hash;
    return extra === '' ? undefined : `remove '${extra}' from the target: query and fragment are not sent`;
  } catch (error) {
    return (error as Error).message;
  }
}
