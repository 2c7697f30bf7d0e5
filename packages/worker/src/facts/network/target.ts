import type { TargetFacts } from '@drumline/model';
import { reach, type Place } from './connect.js';
import { handshakeWith } from './handshake.js';

/**
 * Connects to a target as lanes would, without sending a request. Takes three seconds if something
 * does not answer.
 * @param url with the scheme `http` or `https`
 */
export async function examineTarget(url: string): Promise<TargetFacts> {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'https:';
  const place: Place = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isSecure ? 443 : 80),
  };
  const reached = await reach(place);
  const working = reached.addresses.find(({ problem }) => problem === undefined);
  if (!isSecure || working === undefined) return { ...place, ...reached };
  return { ...place, ...reached, tls: await handshakeWith(place, working.address) };
}
