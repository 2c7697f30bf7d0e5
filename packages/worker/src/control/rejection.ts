import { DrumlineError } from '@drumline/model';
import type { LinkRefusal } from '@drumline/wire';

/** Why the worker port rejects this worker, and how to fix it. */
const REASONS: Readonly<Record<LinkRefusal, readonly [why: string, hint: string]>> = {
  'token-needed': [
    'requires a token, and this worker has none',
    'Pass the drumline.token that belongs to the master’s key, with --token-file or DRUMLINE_TOKEN.',
  ],
  'other-token': [
    'does not accept the token of this worker',
    'Pass the drumline.token that was created together with the drumline.key of the master.',
  ],
  'no-key': [
    'has no key, so it cannot authenticate itself to this worker, which has a token',
    'Start the master with --key-file drumline.key, or the worker without a token.',
  ],
};

export function rejectionError(refusal: LinkRefusal, address: string): DrumlineError {
  const [why, hint] = REASONS[refusal];
  return new DrumlineError('refused', `The master at ${address} ${why}.`, hint);
}
