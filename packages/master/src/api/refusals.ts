const SAY_EVERY_MS = 10_000;

/** What the control API has refused. Each is counted; of a flood, one line in ten seconds is said. */
export class Refusals {
  count = 0;
  #unsaid = 0;
  #last = '';
  #resting = false;

  constructor(private readonly say: (line: string) => void) {}

  /** @param what in words of ours: nothing that a stranger sent goes into the log */
  add(what: string): void {
    this.count += 1;
    this.#unsaid += 1;
    this.#last = what;
    if (!this.#resting) this.#tell();
  }

  #tell(): void {
    const [count, last] = [this.#unsaid, this.#last];
    this.say(`Control API: ${count === 1 ? last : `${count} refusals, the last one: ${last}`}.`);
    this.#unsaid = 0;
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      if (this.#unsaid > 0) this.#tell();
    }, SAY_EVERY_MS).unref();
  }
}
