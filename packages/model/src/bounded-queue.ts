/**
 * Hands items to a slow receiver, one after the other. Beyond a limit, the oldest item that waits
 * is dropped. So a slow receiver loses its own items and delays nobody.
 */
export class BoundedQueue<T> {
  private readonly waiting: T[] = [];
  private isBusy = false;
  private readonly idle: (() => void)[] = [];

  /**
   * @param receive must not reject
   * @param most items that may wait
   * @param onDropped receives the number of items that were dropped
   */
  constructor(
    private readonly receive: (item: T) => Promise<void>,
    private readonly most: number,
    private readonly onDropped: (count: number) => void,
  ) {}

  push(item: T): void {
    this.waiting.push(item);
    if (!this.isBusy) void this.run();
    if (this.waiting.length > this.most) this.drop(1);
  }

  /**
   * Resolves when everything was received, or with this limit. What waits is dropped then.
   * @param limit must not reject
   */
  async settle(limit: Promise<unknown>): Promise<void> {
    if (!this.isBusy) return;
    await Promise.race([new Promise<void>((resolve) => this.idle.push(resolve)), limit]);
    if (this.waiting.length > 0) this.drop(this.waiting.length);
  }

  private drop(count: number): void {
    this.waiting.splice(0, count);
    this.onDropped(count);
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) await this.receive(this.waiting.shift()!);
    this.isBusy = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
