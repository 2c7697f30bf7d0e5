import type { Secrets } from '@drumline/model';

let known: ReadonlyMap<string, string> = new Map();

/** Gives the scenario its secrets: before its bundle is loaded, as its top level may read them. */
export function installSecrets(secrets: Secrets): void {
  known = new Map(Object.entries(secrets));
}

export function knownSecrets(): ReadonlyMap<string, string> {
  return known;
}
