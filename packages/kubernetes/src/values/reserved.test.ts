import { expect, test } from '@jest/globals';
import { RESOURCES } from '../resources/all.js';
import { Choice, isMap, Merged, Noted, PassThrough, type Node } from '../tree/node.js';
import { RESERVED } from './reserved.js';

/** Every map of the resources that entries of the user are added to. */
function mergedIn(node: Node | undefined): Merged[] {
  if (node instanceof Merged) return [node];
  if (node instanceof Noted) return mergedIn(node.node);
  if (node instanceof Choice) return [...mergedIn(node.yes), ...mergedIn(node.no)];
  if (Array.isArray(node)) return node.flatMap((item: Node) => mergedIn(item));
  return node !== undefined && isMap(node) ? Object.values(node).flatMap(mergedIn) : [];
}

test('every key beside entries of the user is reserved', () => {
  const maps = Object.values(RESOURCES).flat().flatMap(mergedIn);
  expect(maps.length).toBeGreaterThan(4);
  for (const { maps: parts } of maps) {
    const path = parts.find((part) => part instanceof PassThrough)!.path;
    const reserved = RESERVED.filter((each) => each.path === path).flatMap(({ keys }) => keys);
    const own = parts.filter(isMap).flatMap((part) => Object.keys(part));
    expect([path, [...reserved].sort()]).toEqual([path, own.sort()]);
  }
});
