import { DefaultHeaders } from '../calls/headers.js';
import type { HttpSettings } from '../settings/http-settings.js';
import { ACCEPT_ENCODING } from './coding/codings.js';

/**
 * The headers of every request.
 * @param version version of Drumline, for `user-agent`
 */
export function defaultHeaders(settings: HttpSettings, version: string | undefined): DefaultHeaders {
  const headers = new DefaultHeaders({
    'user-agent': version === undefined ? 'Drumline' : `Drumline/${version}`,
    accept: '*/*',
    'accept-encoding': ACCEPT_ENCODING,
  });
  for (const [name, value] of Object.entries(settings.headers ?? {})) headers.set(name, value);
  return headers;
}
