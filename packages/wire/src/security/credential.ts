import { createHash } from 'node:crypto';
import { DrumlineError } from '@drumline/model';

/**
 * The holder of a credential: `key` for the master, `token` for workers, the others for clients of
 * the control API, by their role.
 */
export type CredentialKind = 'key' | 'token' | ApiCredentialKind;
export type ApiCredentialKind = 'api' | 'api-run' | 'api-view';

/** Name, default file and length in bytes of each kind. */
const KINDS: Readonly<Record<CredentialKind, { name: string; file: string; byteLength: number }>> = {
  key: { name: 'a master’s key', file: 'drumline.key', byteLength: 32 },
  token: { name: 'a worker token', file: 'drumline.token', byteLength: 64 },
  api: { name: 'an API token', file: 'drumline.api-token', byteLength: 32 },
  'api-run': { name: 'an API token for running', file: 'drumline.api-run-token', byteLength: 32 },
  'api-view': { name: 'an API token for viewing', file: 'drumline.api-view-token', byteLength: 32 },
};

const VERSION = 1;
const CHECKSUM_BYTES = 4;

/** The text of a credential: `drumline-token-1.`, then bytes and checksum in base64url. */
export function writeCredential(kind: CredentialKind, bytes: Uint8Array): string {
  return prefixOf(kind) + Buffer.concat([bytes, checksum(kind, bytes)]).toString('base64url');
}

/**
 * Reads a credential.
 * @param where the source of the text for messages: a file or a variable
 * @throws DrumlineError `usage` with the problem, without repeating any of the text
 */
export function readCredential(kind: CredentialKind, text: string, where: string): Buffer {
  const { name, byteLength } = KINDS[kind];
  const [, foundKind, version, payload] =
    /^drumline-(key|token|api|api-run|api-view)-(\d+)\.([\w-]*)$/.exec(text.trim()) ?? [];
  if (foundKind === undefined) {
    throw wrong(
      kind,
      `${where} does not contain a Drumline credential: ${name} starts with ${prefixOf(kind)}`,
    );
  }
  if (foundKind !== kind) {
    throw wrong(kind, `${where} holds ${KINDS[foundKind as CredentialKind].name}, but ${name} is required`);
  }
  if (Number(version) !== VERSION) {
    throw wrong(
      kind,
      `${where} holds ${name} of version ${version}, which this version of Drumline does not support`,
    );
  }
  const bytes = Buffer.from(payload!, 'base64url');
  const secret = bytes.subarray(0, -CHECKSUM_BYTES);
  if (secret.byteLength !== byteLength || !checksum(kind, secret).equals(bytes.subarray(-CHECKSUM_BYTES))) {
    throw wrong(kind, `${where} holds ${name} that is incomplete or mistyped`);
  }
  return secret;
}

/** The file to which `drumline token` writes a credential. */
export function credentialFile(kind: CredentialKind): string {
  return KINDS[kind].file;
}

/** The kind of API token that a text is; `api` if it is none. */
export function apiCredentialKind(text: string): ApiCredentialKind {
  const [, kind] = /^drumline-(api-run|api-view)-/.exec(text.trim()) ?? [];
  return (kind ?? 'api') as ApiCredentialKind;
}

function prefixOf(kind: CredentialKind): string {
  return `drumline-${kind}-${VERSION}.`;
}

function checksum(kind: CredentialKind, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(prefixOf(kind)).update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}

function wrong(kind: CredentialKind, message: string): DrumlineError {
  return new DrumlineError('usage', message, `\`drumline token\` writes it to ${KINDS[kind].file}.`);
}
