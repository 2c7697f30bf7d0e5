import { hasCredentials, Redactor, type Secrets } from '@drumline/model';
import type { Submission } from '@drumline/wire';
import type { MasterKey } from '@drumline/wire/security';

/** What rests on the disk only encrypted. */
type Confidential = Pick<Submission, 'outputs'> & { readonly secrets: Secrets };

/**
 * A submission on the disk. Secrets, and outputs with credentials, rest there only encrypted with
 * the master's key. Without a key they stay in memory, and a restarted service has lost them.
 */
export interface StoredSubmission {
  /** Without values of secrets. */
  readonly submission: Omit<Submission, 'secrets'>;
  /** What is missing in it: names of secrets, and outputs. */
  readonly confidential?: readonly string[];
  /** That as JSON, encrypted with the master's key, base64; absent without one. */
  readonly sealed?: string;
}

export function storedSubmissionOf(
  { secrets = {}, outputs, ...submission }: Submission,
  key: MasterKey | null | undefined,
): StoredSubmission {
  const isSealed = outputs?.some(hasCredentials) === true;
  const shown = {
    ...(Redactor.of(secrets)?.data(submission) ?? submission),
    ...(outputs && !isSealed && { outputs }),
  };
  const confidential = [...Object.keys(secrets), ...(isSealed ? ['outputs'] : [])];
  if (confidential.length === 0) return { submission: shown };
  if (!key) return { submission: shown, confidential };
  const hidden: Confidential = { secrets, ...(isSealed && { outputs }) };
  const sealed = key.seal(Buffer.from(JSON.stringify(hidden))).toString('base64');
  return { submission: shown, confidential, sealed };
}

/** @returns undefined if something confidential is not on the disk, or cannot be decrypted */
export function submissionOf(
  { submission, confidential, sealed }: StoredSubmission,
  key: MasterKey | null | undefined,
): Submission | undefined {
  if (confidential === undefined) return submission;
  const opened = sealed === undefined ? undefined : key?.open(Buffer.from(sealed, 'base64'));
  if (!opened) return undefined;
  const { secrets, ...rest } = JSON.parse(opened.toString('utf8')) as Confidential;
  return { ...(Redactor.of(secrets)?.reveal(submission) ?? submission), ...rest, secrets };
}
