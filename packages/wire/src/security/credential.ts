import { createHash } from 'node:crypto';
import { DrumlineError } from '@drumline/model';

/** Who holds it: `key` the master, `token` the workers, `api` whoever controls the run. */
export type CredentialKind = 'key' | 'token' | 'api';

/** What a credential is called, where `drumline token` writes it, and how many bytes it has. */
const KINDS: Readonly<Record<CredentialKind, { name: string; file: string; byteLength: number }>> = {
  key: { name: 'a master’s key', file: 'drumline.key', byteLength: 32 },
  token: { name: 'a worker token', file: 'drumline.token', byteLength: 64 },
  api: { name: 'an API token', file: 'drumline.api-token', byteLength: 32 },
};

const VERSION = 1;
const CHECKSUM_BYTES = 4;

/** The text of a credential: `drumline-token-1.` and the bytes in base64url, with a checksum for typing errors at the end. */
export function writeCredential(kind: CredentialKind, bytes: Uint8Array): string {
  return prefixOf(kind) + Buffer.concat([bytes, checksum(kind, bytes)]).toString('base64url');
}

/**
 * The bytes of a credential.
 * @param where the text comes from, for people: a file or a variable
 * @throws DrumlineError `usage` that says what is wrong with it, without repeating any of it
 */
export function readCredential(kind: CredentialKind, text: string, where: string): Buffer {
  const { name, byteLength } = KINDS[kind];
  const [, foundKind, version, payload] =
    /^drumline-(key|token|api)-(\d+)\.([\w-]*)$/.exec(text.trim()) ?? [];
  if (foundKind === undefined) {
    throw wrong(kind, `${where} holds no credential of Drumline: ${name} begins with ${prefixOf(kind)}`);
  }
  if (foundKind !== kind) {
    throw wrong(kind, `${where} holds ${KINDS[foundKind as CredentialKind].name}; ${name} is needed`);
  }
  if (Number(version) !== VERSION) {
    throw wrong(kind, `${where} holds ${name} of version ${version}, which this Drumline does not know`);
  }
  const bytes = Buffer.from(payload!, 'base64url');
  const secret = bytes.subarray(0, -CHECKSUM_BYTES);
  if (secret.byteLength !== byteLength || !checksum(kind, secret).equals(bytes.subarray(-CHECKSUM_BYTES))) {
    throw wrong(kind, `${where} holds ${name} in which something is missing or mistyped`);
  }
  return secret;
}

/** The name of the file that `drumline token` writes it to. */
export function credentialFile(kind: CredentialKind): string {
  return KINDS[kind].file;
}

function prefixOf(kind: CredentialKind): string {
  return `drumline-${kind}-${VERSION}.`;
}

function checksum(kind: CredentialKind, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(prefixOf(kind)).update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}

function wrong(kind: CredentialKind, message: string): DrumlineError {
  return new DrumlineError('usage', message, `It is what \`drumline token\` writes to ${KINDS[kind].file}.`);
}
