/**
 * Draws a resample of `n` values by the circular block bootstrap (Politis and Romano, 1992), a
 * moving block bootstrap (Künsch, Annals of Statistics 17, 1989) that treats both ends alike. Whole
 * blocks keep the dependence between neighbors.
 * @param weights receives how often each value was drawn; their sum is n
 */
export function drawBlocks(weights: Uint32Array, length: number, random: () => number): void {
  const n = weights.length;
  weights.fill(0);
  for (let drawn = 0; drawn < n;) {
    let at = Math.floor(random() * n);
    const end = Math.min(n, drawn + length);
    for (; drawn < end; drawn += 1) {
      weights[at]! += 1;
      at = at + 1 === n ? 0 : at + 1;
    }
  }
}
