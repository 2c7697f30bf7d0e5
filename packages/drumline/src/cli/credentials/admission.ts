import { DrumlineError } from '@drumline/model';
import type { MasterKey, WorkerToken } from '@drumline/wire/security';
import { isLoopback, type HostPort } from '../options/address.js';
import { readMasterKey, readWorkerToken } from './given.js';

/**
 * The key of a master. Without one it may listen to this machine alone, unless that is asked for by
 * name.
 * @throws DrumlineError `usage`
 */
export function requireKey(
  { bind, api }: { readonly bind: string; readonly api: HostPort | null },
  { keyFile, insecure }: { readonly keyFile: string | undefined; readonly insecure: boolean },
): MasterKey | null {
  const key = readMasterKey(keyFile);
  if (key) return key;
  const open: [address: string, dangers: string][] = [];
  if (!isLoopback(bind))
    open.push([bind, 'join as a worker, get the scenario’s code and falsify the report']);
  if (api && !isLoopback(api.host)) open.push([`${api.host}:${api.port}`, 'see and control the run']);
  if (open.length > 0 && !insecure) {
    throw new DrumlineError(
      'usage',
      `a master that listens on ${open[0]![0]}, beyond this machine, needs a key`,
      'Make one with `drumline token` and give it with --key-file or in DRUMLINE_KEY; --insecure goes without, in networks where everyone is trusted.',
    );
  }
  for (const [address, dangers] of open)
    console.error(`warning: there is no key: every peer that reaches ${address} can ${dangers}`);
  return null;
}

/**
 * The token of a worker. Without one it works for a master on this machine alone, unless that is
 * asked for by name.
 * @throws DrumlineError `usage`
 */
export function requireToken({
  master,
  tokenFile,
  insecure,
}: {
  readonly master: string;
  readonly tokenFile: string | undefined;
  readonly insecure: boolean;
}): WorkerToken | null {
  const token = readWorkerToken(tokenFile);
  if (token || isLoopback(master)) return token ?? null;
  if (!insecure) {
    throw new DrumlineError(
      'usage',
      `a worker needs a token for ${master}, a master on another machine`,
      'Give it the drumline.token that `drumline token` made, with --token-file or in DRUMLINE_TOKEN; --insecure goes without, in networks where everyone is trusted.',
    );
  }
  console.error(
    `warning: there is no token: any peer that answers at ${master} can run code on this machine`,
  );
  return null;
}
