import type { RefusalKind } from '@drumline/model';

/**
 * Counts a rejected request and logs it with a rate limit. @param why must not quote the request,
 * so that no peer can write to the log
 */
export type Refuse = (kind: RefusalKind, why: string) => void;
