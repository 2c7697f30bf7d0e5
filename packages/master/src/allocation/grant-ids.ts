/** More grants than one placement makes. */
const MAX_GRANTS = 1_000_000;

/** Numbers for the grants of an epoch. Epochs are never used twice, so neither are the numbers. */
export function grantIds(epoch: number): () => number {
  let grants = 0;
  return () => epoch * MAX_GRANTS + (grants += 1);
}

/** The epoch in which a grant was made. */
export function epochOfGrant(id: number): number {
  return Math.floor(id / MAX_GRANTS);
}
