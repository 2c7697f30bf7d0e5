import { replaceValues, type Slot, type Step } from '../recording/step.js';
import { looksUnique } from '../recording/ids.js';
import { wordsOf } from '../recording/words.js';
import { htmlLeaf, leavesOf, type Leaf } from './leaves.js';

/** A value of a response that later requests send. */
export interface Link {
  readonly leaf: Leaf;
  readonly uses: readonly Use[];
}

interface Use {
  /** Index of the step that sends it. */
  readonly step: number;
  readonly slot: Slot;
}

/** Finds request values that come from earlier responses. Likely coincidences are skipped. */
export function findLinks(steps: readonly Step[]): Link[] {
  const links: { leaf: Leaf; uses: Use[] }[] = [];
  const leaves = new Map<string, Leaf[]>();
  /** Constants: values that a request sent before any response contained them. */
  const sent = new Set<string>();
  steps.forEach((step, index) => {
    const own: string[] = [];
    const earlier = steps.slice(0, index);
    replaceValues(step, (slot) => {
      const value = sentValue(slot);
      const known = links.find(({ leaf }) => String(leaf.value) === value && isSameValue(leaf, slot));
      const leaf = known?.leaf ?? (sent.has(value) ? undefined : sourceOf(slot, value, earlier, leaves));
      if (leaf === undefined) own.push(value);
      else if (known) known.uses.push({ step: index, slot });
      else links.push({ leaf, uses: [{ step: index, slot }] });
      return slot.value;
    });
    for (const value of own) sent.add(value);
    for (const leaf of leavesOf(step, index)) {
      const value = String(leaf.value);
      const known = leaves.get(value);
      if (known === undefined) leaves.set(value, [leaf]);
      else known.push(leaf);
    }
  });
  return links;
}

/** The value of a slot, without an authentication scheme such as `Bearer`. */
export function sentValue({ place, value }: Slot): string {
  return place === 'header' ? String(value).replace(/^(?:Bearer|Token|JWT)\s+/i, '') : String(value);
}

/** The earliest response value that matches, preferably with the same name. */
function sourceOf(
  slot: Slot,
  value: string,
  earlier: readonly Step[],
  leaves: ReadonlyMap<string, readonly Leaf[]>,
): Leaf | undefined {
  const candidates = (leaves.get(value) ?? []).filter((leaf) => isSameValue(leaf, slot));
  const sameName = candidates.find((leaf) => namesMatch(leaf, slot));
  const found = sameName ?? candidates[0];
  if (found !== undefined || slot.place === 'path' || value.length < 16) return found;
  for (const [index, step] of earlier.entries()) {
    const leaf = htmlLeaf(step, index, slot.key, value);
    if (leaf !== undefined) return leaf;
  }
  return undefined;
}

/** Whether the values are surely the same: the value is unique, or the names match. */
function isSameValue(leaf: Leaf, slot: Slot): boolean {
  if (slot.place === 'body' && typeof leaf.value !== typeof slot.value) return false;
  const text = String(leaf.value);
  if (typeof leaf.value === 'string' && looksUnique(text)) return true;
  if (typeof leaf.value === 'string' && isTokenLike(leaf.key) && text.length >= 8) return true;
  return (
    isKeyLike(leaf.key) &&
    (namesMatch(leaf, slot) || (/^\d{5,}$/.test(text) && (slot.place === 'path' || isKeyLike(slot.key))))
  );
}

function namesMatch(leaf: Leaf, slot: Slot): boolean {
  const sameKey = wordsOf(leaf.key).join() === wordsOf(slot.key).join() && leaf.key !== 'id';
  return sameKey || (leaf.noun !== '' && leaf.noun === slot.noun);
}

function isKeyLike(key: string): boolean {
  return ['id', 'ids', 'uuid', 'guid', 'sku', 'slug', 'code', 'ref', 'handle'].includes(
    wordsOf(key).at(-1) ?? '',
  );
}

function isTokenLike(key: string): boolean {
  return /\b(?:\w*token|csrf|xsrf|jwt|nonce|session|cursor|secret|hash)\b/.test(wordsOf(key).join(' '));
}
