import type { Value } from '../code/code.js';
import { durationText } from '../code/duration.js';
import type { Values } from '../recording/step.js';
import type { CommandFiles } from './files.js';
import type { CurlOptions } from './options.js';

type Settings = { [setting: string]: Value };

/** Settings of all requests, and a note on those that only some commands set. */
export interface CommonSettings {
  readonly settings: Settings;
  readonly shared: readonly string[];
}

/** Merges the settings of all commands. */
export function settingsOf(own: readonly Values[]): CommonSettings {
  const settings: Settings = {};
  for (const { hosts, tls, ...plain } of own) {
    Object.assign(settings, plain);
    if (hosts !== undefined)
      settings['hosts'] = { ...(settings['hosts'] as Settings), ...(hosts as Settings) };
    if (tls !== undefined) settings['tls'] = { ...(settings['tls'] as Settings), ...(tls as Settings) };
  }
  const partial = Object.keys(settings).filter(
    (name) =>
      name !== 'hosts' && own.some((one) => JSON.stringify(one[name]) !== JSON.stringify(settings[name])),
  );
  return {
    settings,
    shared:
      partial.length === 0
        ? []
        : [
            `Only some commands set ${partial.map((name) => `http.${name}`).join(', ')}, but a scenario has one value for all requests.`,
          ],
  };
}

/** The `http` settings of one set of options. */
export function settingsOfOne(options: CurlOptions, files: CommandFiles): Settings {
  const { connectTimeoutS, version, proxy, proxyUser, family, localAddress, resolved, insecure } = options;
  const tls: Settings = { ...tlsOf(options.tls, files), ...(insecure && { rejectUnauthorized: false }) };
  const hosts = resolved.map(([host, addresses]): [string, Value] => [
    host,
    addresses.length === 1 ? addresses[0]! : addresses,
  ]);
  return {
    ...(connectTimeoutS !== undefined && { connectTimeout: durationText(connectTimeoutS * 1_000) }),
    ...(version !== undefined && { version }),
    ...(proxy !== undefined && { proxy: proxyUrl(proxy, proxyUser) }),
    ...(family !== undefined && { dns: { family } }),
    ...(localAddress !== undefined && { localAddresses: [localAddress] }),
    ...(hosts.length > 0 && { hosts: Object.fromEntries(hosts) }),
    ...(Object.keys(tls).length > 0 && { tls }),
  };
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
