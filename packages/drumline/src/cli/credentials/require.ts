import { DrumlineError } from '@drumline/model';
import type { MasterKey, WorkerToken } from '@drumline/wire/security';
import { isLoopback, type HostPort } from '../options/address.js';
import { readMasterKey, readWorkerToken } from './read.js';

/**
 * The key of a master. Without a key, a master listens only on loopback, unless `--insecure` is
 * set.
 * @throws DrumlineError `usage`
 */
export function requireKey(
  {
    bind,
    api,
    grpc,
  }: { readonly bind: string; readonly api: HostPort | null; readonly grpc?: HostPort | undefined },
  { keyFile, insecure }: { readonly keyFile: string | undefined; readonly insecure: boolean },
): MasterKey | null {
  const key = readMasterKey(keyFile);
  if (key) return key;
  const open: [address: string, dangers: string][] = [];
  if (!isLoopback(bind))
    open.push([bind, 'join as a worker, get the scenario’s code and falsify the report']);
  for (const address of [api, grpc])
    if (address && !isLoopback(address.host))
      open.push([`${address.host}:${address.port}`, 'see and control the run']);
  if (open.length > 0 && !insecure) {
    throw new DrumlineError(
      'usage',
      `a master that listens beyond this machine, on ${open[0]![0]}, needs a key`,
      'Create one with `drumline token`, and pass it with --key-file or DRUMLINE_KEY. On a trusted network, --insecure runs without a key.',
    );
  }
  for (const [address, dangers] of open)
    console.error(`warning: running without a key: every peer that reaches ${address} can ${dangers}`);
  return null;
}

/**
 * The token of a worker. Without a token, a worker joins only a master on this machine, unless
 * `--insecure` is set.
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
      `a worker needs a token to join ${master}, a master on another machine`,
      'Pass the drumline.token that `drumline token` created, with --token-file or DRUMLINE_TOKEN. On a trusted network, --insecure joins without a token.',
    );
  }
  console.error(
    `warning: running without a token: any peer that answers at ${master} can run code on this machine`,
  );
  return null;
}
