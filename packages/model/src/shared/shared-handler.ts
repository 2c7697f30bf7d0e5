/** A lane process in the cluster: a lane that was restarted is another client. */
export type ClientId = string;

/** What a handler needs while it applies an operation. */
export interface SharedHost {
  /**
   * Keeps plain data for another master, in the same commit as the answer.
   * @param key unique for the kind of the handler
   * @param value replaces an earlier one; undefined deletes it
   */
  keep(key: string, value: unknown): void;
  /** The client of the operation waits for `key`. Not kept: it asks again by itself. */
  wait(key: string): void;
  /** Tells clients that wait for `key` to ask again. @param clients the most; default: all */
  wake(key: string, clients?: number): void;
  /** Tells a client about `key`, whether or not it waits. */
  notify(client: ClientId, key: string): void;
}

/** Applies the operations of one kind. Deterministic: the same operations give the same state. */
export interface SharedHandler<Op, Answer> {
  /** Answers at once. What cannot be done yet is answered so, after `host.wait`. */
  apply(op: Op, client: ClientId, host: SharedHost): Answer;
  /** Restores what was kept. Called before anything is applied. */
  restore(key: string, value: unknown): void;
  /** The lane process has ended. */
  ended?(client: ClientId, host: SharedHost): void;
  /** The lane process cannot be reached for now. */
  lost?(client: ClientId, host: SharedHost): void;
  /**
   * The lane process could not be reached for so long that it must have stopped its users. It no
   * longer uses what it was given before, nor answers that were on their way.
   */
  lapsed?(client: ClientId, host: SharedHost): void;
}
