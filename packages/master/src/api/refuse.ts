import type { RefusalKind } from '@drumline/model';

/** Counts what the API refuses, and says so now and then. @param why in words of ours: nothing that a stranger sent goes into the log */
export type Refuse = (kind: RefusalKind, why: string) => void;
