/** A list that has one member as a rule, as most users have one connection: the first needs no array. */
export class Few<T> {
  #one: T | undefined;
  /** Those after the first. */
  #more: T[] | undefined;

  get length(): number {
    return this.#one === undefined ? 0 : 1 + (this.#more?.length ?? 0);
  }

  get last(): T | undefined {
    const more = this.#more;
    return more === undefined || more.length === 0 ? this.#one : more[more.length - 1];
  }

  push(member: T): void {
    if (this.#one === undefined) this.#one = member;
    else (this.#more ??= []).push(member);
  }

  /** Takes the first one out. */
  shift(): T | undefined {
    const first = this.#one;
    this.#one = this.#more?.shift();
    return first;
  }

  includes(member: T): boolean {
    return this.#one === member || (this.#more?.includes(member) ?? false);
  }

  /** Takes it out; cheap for the first of one and for the last. @returns whether it was there */
  delete(member: T): boolean {
    if (this.#one === member) {
      this.#one = this.#more?.shift();
      return true;
    }
    const more = this.#more;
    if (more === undefined) return false;
    const at = more.lastIndexOf(member);
    if (at >= 0) more.splice(at, 1);
    return at >= 0;
  }

  /** Takes all out. */
  drain(): T[] {
    const all = this.members;
    this.#one = undefined;
    this.#more = undefined;
    return all;
  }

  /** As they are now. */
  get members(): T[] {
    if (this.#one === undefined) return [];
    return this.#more === undefined ? [this.#one] : [this.#one, ...this.#more];
  }
}
