import { connect, type MasterClient } from '@drumline/client';

const STORED = 'drumline.token';

/**
 * Takes the token from the fragment of the URL, as in `/#token=…`, and removes it there. Browsers
 * never send the fragment, and the session storage ends with the tab.
 */
export function takeToken(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return sessionStorage.getItem(STORED) ?? undefined;
  keepToken(given);
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return given;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(STORED, token.trim());
}

/** A client of the master that served this page. */
export function connectToMaster(token: string | undefined): MasterClient {
  return connect({ url: location.origin, token });
}
