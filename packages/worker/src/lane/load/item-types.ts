import { itemTypes, ordinalsOf, type LoadPart, type UserTypeShare } from '@drumline/model';

/** The user types of the items of a part. Grows on demand. */
export class ItemTypes {
  private types: Uint16Array = new Uint16Array(0);
  /** Created on demand. */
  private ordinals: Uint32Array | undefined;

  constructor(
    private readonly part: LoadPart,
    private readonly all: readonly UserTypeShare[],
  ) {}

  /** The user type of an item, as an index into those of the plan. */
  of(item: number): number {
    if (item >= this.types.length) {
      this.types = itemTypes(this.part, this.all, Math.max(item + 1, 2 * this.types.length));
      this.ordinals = undefined;
    }
    return this.types[item]!;
  }

  /** The number of an item among those of its type, from 0. */
  ordinalOf(item: number): number {
    this.of(item);
    this.ordinals ??= ordinalsOf(this.types);
    return this.ordinals[item]!;
  }
}
