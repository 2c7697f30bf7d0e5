/** Frames that are not the user's own code. */
const FOREIGN = /<anonymous>|\bnode:|node_modules|\bnative\b/;

/**
 * Where a stack says that an error was thrown, `shop.ts:41:27`: the first frame in the user's own
 * files.
 */
export function placeOf(stack: string): string | undefined {
  for (const [, frame = ''] of stack.matchAll(/^\s*at (.+)$/gm)) {
    if (FOREIGN.test(frame)) continue;
    const place = /(?:\(|^(?:async )?)([^()]+:\d+:\d+)\)?$/.exec(frame.trim())?.[1];
    if (place !== undefined) return place;
  }
  return undefined;
}
