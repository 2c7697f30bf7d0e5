import { knownSecrets } from '../runtime/secrets.js';

/**
 * Secrets of the run by name: passwords, tokens and keys that must not be in the scenario file.
 * Set them with `--secret NAME`, `--secrets-file FILE` or the environment variable
 * `DRUMLINE_SECRET_NAME`. Drumline masks their values in everything that it prints, reports or
 * stores. Secrets cannot be listed; use `'PASSWORD' in secrets` to test for one.
 *
 * @example
 * ```ts
 * await http.post('/login', { json: { user: 'demo', password: secrets.PASSWORD } });
 * ```
 * @throws Error if no secret of this name was set
 */
export const secrets: Readonly<Record<string, string>> = new Proxy<Record<string, string>>(
  Object.create(null) as {},
  {
    get: (_, name) => (typeof name === 'symbol' || name === 'toJSON' ? undefined : knownSecret(name)),
    has: (_, name) => typeof name === 'string' && knownSecrets().has(name),
    set: (_, name) => refuse(`${String(name)} cannot be set`),
    defineProperty: (_, name) => refuse(`${String(name)} cannot be defined`),
  },
);

/** @throws Error that lists the names of known secrets and the options that set one */
function knownSecret(name: string): string {
  const known = knownSecrets();
  const value = known.get(name);
  if (value !== undefined) return value;
  const names = [...known.keys()];
  const given = names.length === 0 ? 'No secrets are set' : `Known secrets: ${names.join(', ')}`;
  throw new Error(
    `There is no secret ${name}. ${given}. Set it with --secret ${name}, which reads the environment variable ${name}, or with --secrets-file FILE.`,
  );
}

function refuse(what: string): never {
  throw new TypeError(`Secrets are read-only: ${what}.`);
}
