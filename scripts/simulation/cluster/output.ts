import type { RunOutputs } from '@drumline/master';
import { requestsIn, type IntervalEvent } from '@drumline/stats';
import type { Random } from '../world/random.js';

/** The longest time that a service takes to write an event. */
const MOST_MS = 1_500;

/** What a service has of a run. It outlives the masters of the run. */
export class Ledger {
  /** Of the last event that was written. */
  position = 0;
  requests = 0;

  write(event: IntervalEvent, position: number): void {
    if (position <= this.position) throw new Error(`event ${position} after event ${this.position}`);
    this.position = position;
    if (event.type === 'reset') this.requests = 0;
    else this.requests += requestsIn(event.counts);
  }
}

/** An output of one master. What it has not written yet dies with the process. */
export class SimulatedOutput implements RunOutputs {
  readonly views = [];
  private readonly waiting: (readonly [event: IntervalEvent, position: number])[] = [];
  private writing: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly random: Random,
  ) {}

  get sent(): Record<string, number> {
    return { ledger: this.ledger.position };
  }

  begin({ resumed }: Parameters<RunOutputs['begin']>[0]): void {
    for (const { event, position } of resumed?.events ?? [])
      if (position > this.ledger.position) this.interval(event, position);
  }

  interval(event: IntervalEvent, position: number): void {
    this.waiting.push([event, position]);
    this.writeNext();
  }

  event(): void {}

  async end(): Promise<void> {
    clearTimeout(this.writing);
    while (this.waiting.length > 0) this.write();
    await Promise.resolve();
  }

  private writeNext(): void {
    if (this.waiting.length === 0) return;
    this.writing ??= setTimeout(
      () => {
        this.writing = undefined;
        this.write();
        this.writeNext();
      },
      this.random.between(0, MOST_MS),
    );
  }

  private write(): void {
    const [event, position] = this.waiting.shift()!;
    this.ledger.write(event, position);
  }
}
