/** What ends when the user is stopped. */
interface Interruptible {
  interrupt(): void;
}

/** What a user waits for: one thing as a rule, and those beside it. */
export class InFlight {
  #one: Interruptible | undefined;
  #others: Set<Interruptible> | undefined;

  add(call: Interruptible): void {
    if (this.#one === undefined) this.#one = call;
    else (this.#others ??= new Set()).add(call);
  }

  delete(call: Interruptible): void {
    if (this.#one === call) this.#one = undefined;
    else this.#others?.delete(call);
  }

  interrupt(): void {
    this.#one?.interrupt();
    for (const call of this.#others ?? []) call.interrupt();
  }
}
