import type { Secrets } from '@drumline/model';

let known: ReadonlyMap<string, string> = new Map();

/** Sets the secrets. Call it before the bundle is loaded: its top-level code may read them. */
export function installSecrets(secrets: Secrets): void {
  known = new Map(Object.entries(secrets));
}

export function knownSecrets(): ReadonlyMap<string, string> {
  return known;
}
