import type { Finding } from '@drumline/wire';
import { MAX_FINDINGS } from '@drumline/wire/lane';

/** The limit of the wire protocol. */
const MAX_SUBJECT_LENGTH = 256;

/** Findings about the scenario that are not handed over yet: one entry per kind and subject. */
export class Findings {
  private readonly byKey = new Map<string, Finding>();

  add(found: Finding): void {
    const finding = { ...found, subject: shortened(found.subject) };
    const key = `${finding.kind} ${finding.subject}`;
    const known = this.byKey.get(key);
    if (known !== undefined) known.count += finding.count;
    else if (this.byKey.size < MAX_FINDINGS) this.byKey.set(key, finding);
  }

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  /** Returns all findings and forgets them. */
  take(): Finding[] {
    const all = [...this.byKey.values()];
    this.byKey.clear();
    return all;
  }
}

function shortened(subject: string): string {
  return subject.length > MAX_SUBJECT_LENGTH ? `${subject.slice(0, MAX_SUBJECT_LENGTH - 1)}…` : subject;
}
