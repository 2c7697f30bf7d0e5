import { replaceValues, type Slot, type Step } from '../recording/step.js';
import { looksUnique } from '../recording/ids.js';
import { wordsOf } from '../recording/words.js';
import { htmlLeaf, leavesOf, type Leaf } from './leaves.js';

/** A value that came with one response and went out again with later requests. */
export interface Link {
  readonly leaf: Leaf;
  readonly uses: readonly Use[];
}

interface Use {
  /** Number of the step that sends it. */
  readonly step: number;
  readonly slot: Slot;
}

/**
 * The values that requests have from earlier responses: only those that can hardly be there by
 * chance.
 */
export function findLinks(steps: readonly Step[]): Link[] {
  const links: { leaf: Leaf; uses: Use[] }[] = [];
  const leaves = new Map<string, Leaf[]>();
  /** Values that a request has sent before any response had them: constants. */
  const sent = new Set<string>();
  steps.forEach((step, index) => {
    const own: string[] = [];
    const earlier = steps.slice(0, index);
    replaceValues(step, (slot) => {
      const value = sentValue(slot);
      const known = links.find(({ leaf }) => String(leaf.value) === value && belongs(leaf, slot));
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

/** The value without the scheme before it in `Bearer …`. */
export function sentValue({ place, value }: Slot): string {
  return place === 'header' ? String(value).replace(/^(?:Bearer|Token|JWT)\s+/i, '') : String(value);
}

/** The earliest place that the value can be from; one of the same name is preferred. */
function sourceOf(
  slot: Slot,
  value: string,
  earlier: readonly Step[],
  leaves: ReadonlyMap<string, readonly Leaf[]>,
): Leaf | undefined {
  const candidates = (leaves.get(value) ?? []).filter((leaf) => belongs(leaf, slot));
  const ofThatName = candidates.find((leaf) => related(leaf, slot));
  const found = ofThatName ?? candidates[0];
  if (found !== undefined || slot.place === 'path' || value.length < 16) return found;
  for (const [index, step] of earlier.entries()) {
    const leaf = htmlLeaf(step, index, slot.key, value);
    if (leaf !== undefined) return leaf;
  }
  return undefined;
}

/**
 * Whether one can be told to be the other: by a value that is the only one of its kind, or by what
 * both are called.
 */
function belongs(leaf: Leaf, slot: Slot): boolean {
  if (slot.place === 'body' && typeof leaf.value !== typeof slot.value) return false;
  const text = String(leaf.value);
  if (typeof leaf.value === 'string' && looksUnique(text)) return true;
  if (typeof leaf.value === 'string' && isTokenLike(leaf.key) && text.length >= 8) return true;
  return (
    isKeyLike(leaf.key) &&
    (related(leaf, slot) || (/^\d{5,}$/.test(text) && (slot.place === 'path' || isKeyLike(slot.key))))
  );
}

function related(leaf: Leaf, slot: Slot): boolean {
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
