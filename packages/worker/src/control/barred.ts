import { DrumlineError } from '@drumline/model';
import type { LinkRefusal } from '@drumline/wire';

/** Why the master's port does not let this worker in, and how to mend it. */
const REASONS: Readonly<Record<LinkRefusal, readonly [why: string, hint: string]>> = {
  'token-needed': [
    'lets in only workers with its token, and this one has none',
    'Give it the drumline.token that belongs to the master’s key, with --token-file or in DRUMLINE_TOKEN.',
  ],
  'other-token': [
    'does not know the token of this worker',
    'Give it the drumline.token that was made together with the drumline.key that the master was started with.',
  ],
  'no-key': [
    'has no key, so it cannot prove to this worker, which has a token, that it is the right one',
    'Start the master with --key-file drumline.key, or the worker without a token.',
  ],
};

export function barredBy(refusal: LinkRefusal, address: string): DrumlineError {
  const [why, hint] = REASONS[refusal];
  return new DrumlineError('refused', `The master at ${address} ${why}.`, hint);
}
