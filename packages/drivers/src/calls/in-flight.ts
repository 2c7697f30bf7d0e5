/** Something that stops when its user is stopped. */
interface Interruptible {
  interrupt(): void;
  /** Whether it has an unsettled promise. A stream read in a loop has none. */
  readonly isPending: boolean;
}

/** What a user is waiting for. Usually one call, so the set is created only for more. */
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

  /** Whether the promise of any call is unsettled. */
  get hasPending(): boolean {
    if (this.#one?.isPending === true) return true;
    for (const call of this.#others ?? []) if (call.isPending) return true;
    return false;
  }

  interrupt(): void {
    this.#one?.interrupt();
    for (const call of this.#others ?? []) call.interrupt();
  }
}
