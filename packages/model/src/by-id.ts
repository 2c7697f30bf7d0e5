/** Natural order: `w2` before `w10`. A collator is 100 times faster than `localeCompare`. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return IDS.compare(a.id, b.id);
}

const IDS = new Intl.Collator('en', { numeric: true });
