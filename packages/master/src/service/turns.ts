import { RequestError } from '@drumline/model';

/** Limits how much is done at a time, and how much waits. */
export class Turns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly most: number,
    private readonly mostWaiting: number,
    /** Such as `scenarios are being read`, for the message. */
    private readonly what: string,
  ) {}

  /** @throws RequestError `overloaded` if too much waits */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.most) {
      if (this.waiting.length >= this.mostWaiting)
        throw new RequestError('overloaded', `too many ${this.what}`, 'Try again in some seconds.');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The next one takes this place, so that nobody overtakes it.
      if (next) next();
      else this.running -= 1;
    }
  }
}
