import { Redactor, type Secrets } from '@drumline/model';
import type { Submission } from '@drumline/wire';
import type { MasterKey } from '@drumline/wire/security';

/**
 * A submission on the disk. Secrets rest there only encrypted with the master's key. Without a key
 * they stay in memory, and the run needs them again after a restart.
 */
export interface StoredSubmission {
  /** Without values of secrets. */
  readonly submission: Omit<Submission, 'secrets'>;
  /** Names of the secrets. */
  readonly secrets: readonly string[];
  /** The secrets as JSON, encrypted with the master's key, base64; absent without one. */
  readonly sealed?: string;
}

export function storedSubmissionOf(
  { secrets = {}, ...submission }: Submission,
  key: MasterKey | null | undefined,
): StoredSubmission {
  const names = Object.keys(secrets);
  const shown = Redactor.of(secrets)?.data(submission) ?? submission;
  if (names.length === 0 || !key) return { submission: shown, secrets: names };
  const sealed = key.seal(Buffer.from(JSON.stringify(secrets))).toString('base64');
  return { submission: shown, secrets: names, sealed };
}

/** @returns undefined if its secrets are not on the disk, or cannot be decrypted */
export function submissionOf(
  { submission, secrets: names, sealed }: StoredSubmission,
  key: MasterKey | null | undefined,
): Submission | undefined {
  if (names.length === 0) return submission;
  const opened = sealed === undefined ? undefined : key?.open(Buffer.from(sealed, 'base64'));
  if (!opened) return undefined;
  const secrets = JSON.parse(opened.toString('utf8')) as Secrets;
  return { ...(Redactor.of(secrets)?.reveal(submission) ?? submission), secrets };
}
