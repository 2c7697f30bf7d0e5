/** Stack frames outside the user's code. */
const FOREIGN = /<anonymous>|\bnode:|node_modules|\bnative\b/;

/** Where an error was thrown, such as `shop.ts:41:27`: the first frame of user code. */
export function placeOf(stack: string): string | undefined {
  for (const [, frame = ''] of stack.matchAll(/^\s*at (.+)$/gm)) {
    if (FOREIGN.test(frame)) continue;
    const place = /(?:\(|^(?:async )?)([^()]+:\d+:\d+)\)?$/.exec(frame.trim())?.[1];
    if (place !== undefined) return place;
  }
  return undefined;
}
