import type { Millis } from '@drumline/model';
import type { Member, Timing } from './member.js';

/** Time within which members that were cut off end. */
const CUT_LIMIT_MS: Millis = 4_000;

/** Members that were told to end. */
export class Departures {
  private readonly leaving = new Set<Member>();

  constructor(private readonly timing: Timing) {}

  get size(): number {
    return this.leaving.size;
  }

  members(): Member[] {
    return [...this.leaving];
  }

  add(member: Member): void {
    this.leaving.add(member);
    void member.done.then(() => this.leaving.delete(member));
  }

  /** Resolves when all of now are gone. Those that are not gone after the timeout are cut off. */
  async settle(stopTimeoutMs: Millis): Promise<void> {
    const leaving = [...this.leaving];
    if (await this.goneWithin(stopTimeoutMs, leaving)) return;
    for (const member of leaving) if (this.leaving.has(member)) member.cut();
    await this.goneWithin(CUT_LIMIT_MS, leaving);
  }

  private async goneWithin(limitMs: Millis, members: readonly Member[]): Promise<boolean> {
    if (members.length === 0) return true;
    let cancel = (): void => {};
    const timedOut = new Promise<boolean>(
      (resolve) => (cancel = this.timing.after(limitMs, () => resolve(false))),
    );
    const gone = Promise.all(members.map((member) => member.done)).then(() => true);
    const areGone = await Promise.race([gone, timedOut]);
    cancel();
    return areGone;
  }
}
