/** What a scenario may know and nobody else: passwords, tokens, keys, by name. */
export type Secrets = Readonly<Record<string, string>>;

/** A shorter value cannot be told from ordinary text, and is not taken for a secret. */
export const MIN_SECRET_LENGTH = 4;

/** Whether a secret can be called so. */
export function isSecretName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && name !== '__proto__';
}
