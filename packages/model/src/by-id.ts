/** Created by the first comparison, because `Intl` takes milliseconds to start. */
let ids: Intl.Collator | undefined;

/** Natural order: `w2` before `w10`. A collator is 100 times faster than `localeCompare`. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  ids ??= new Intl.Collator('en', { numeric: true });
  return ids.compare(a.id, b.id);
}
