import { CliProcess } from './processes.js';

/** Changes the workers one at a time: one joins, one is killed, one joins, one leaves. */
export class Churn {
  readonly changes = { joined: 0, killed: 0, left: 0 };
  private readonly present: CliProcess[] = [];
  private turn = 0;

  constructor(private readonly join: (name: string) => CliProcess) {}

  /** Makes the next change. */
  step(): void {
    const turn = this.turn++ % 4;
    if (turn % 2 === 0) {
      this.changes.joined += 1;
      this.present.push(this.join(`guest-${this.changes.joined}`));
      return;
    }
    const worker = this.present.shift();
    if (turn === 1) this.changes.killed += 1;
    else this.changes.left += 1;
    worker?.child.kill(turn === 1 ? 'SIGKILL' : 'SIGTERM');
  }

  /** Resolves when all remaining workers have ended with their master. */
  async over(): Promise<void> {
    await Promise.all(this.present.map((worker) => worker.ended()));
  }
}
