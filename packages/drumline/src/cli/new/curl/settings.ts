import type { Value } from '../code/code.js';
import { durationText } from '../code/duration.js';
import type { CommandFiles } from './files.js';
import type { CurlOptions } from './options.js';

type Settings = { [setting: string]: Value };

/** What holds for all requests of a scenario, if any command asks for it. */
export function settingsOf(sets: readonly CurlOptions[], files: CommandFiles): Settings {
  const settings: Settings = {};
  const tls: Settings = {};
  const hosts: Settings = {};
  for (const options of sets) {
    const { connectTimeoutS, version, proxy, proxyUser, family, localAddress, resolved, insecure } = options;
    if (connectTimeoutS !== undefined) settings['connectTimeout'] = durationText(connectTimeoutS * 1_000);
    if (version !== undefined) settings['version'] = version;
    if (proxy !== undefined) settings['proxy'] = proxyUrl(proxy, proxyUser);
    if (family !== undefined) settings['dns'] = { family };
    if (localAddress !== undefined) settings['localAddresses'] = [localAddress];
    for (const [host, addresses] of resolved)
      hosts[host] = addresses.length === 1 ? addresses[0]! : addresses;
    Object.assign(tls, tlsOf(options.tls, files), insecure && { rejectUnauthorized: false });
  }
  if (Object.keys(hosts).length > 0) settings['hosts'] = hosts;
  if (Object.keys(tls).length > 0) settings['tls'] = tls;
  return settings;
}

function tlsOf({ ca, cert, key, ...plain }: CurlOptions['tls'], files: CommandFiles): Settings {
  const tls: Settings = {};
  for (const [name, path] of Object.entries({ ca, cert, key })) {
    if (path !== undefined) tls[name] = files.pem(name, path);
  }
  return { ...tls, ...plain };
}

function proxyUrl(proxy: string, user: string | undefined): string {
  const url = /^https?:\/\//.test(proxy) ? proxy : `http://${proxy}`;
  return user === undefined ? url : url.replace('://', `://${user}@`);
}
