/** Passwords, tokens and keys of a scenario, by name. */
export type Secrets = Readonly<Record<string, string>>;

/** Shorter values are rejected as secrets, because they also occur in ordinary text. */
export const MIN_SECRET_LENGTH = 4;

/** Whether a name is valid for a secret. */
export function isSecretName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && name !== '__proto__';
}
