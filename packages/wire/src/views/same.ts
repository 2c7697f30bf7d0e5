/** `true` if two types are identical; otherwise `true satisfies Same<…>` does not compile. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
