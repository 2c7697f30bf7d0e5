import { knownSecrets } from '../runtime/secrets.js';

/**
 * What was given with `--secret`, `--secrets-file` or DRUMLINE_SECRET_…, by name: `secrets.PASSWORD`. Throws for a name that was not given;
 * `'PASSWORD' in secrets` asks first. Values are never listed, and are taken out of everything that Drumline prints, reports and keeps.
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

/** @throws Error that says which there are, and how to give another */
function knownSecret(name: string): string {
  const known = knownSecrets();
  const value = known.get(name);
  if (value !== undefined) return value;
  const names = [...known.keys()];
  const given = names.length === 0 ? 'None was given' : `Given were ${names.join(', ')}`;
  throw new Error(
    `There is no secret ${name}. ${given}. Give it with --secret ${name}, which takes it from the environment variable ${name}, or with --secrets-file FILE.`,
  );
}

function refuse(what: string): never {
  throw new TypeError(`Secrets are given from outside: ${what}.`);
}
