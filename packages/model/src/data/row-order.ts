import type { RowOrder } from './table.js';

/**
 * The row that a number gets: the same on every machine, without coordination. Numbers beyond the
 * last row begin again, shuffled anew in each pass.
 * @param number a whole number of at least 0
 * @param rows the number of rows, at least 1
 */
export function rowOf(order: RowOrder, number: number, rows: number, seed: number): number {
  if (order === 'sequential') return number % rows;
  if (order === 'random') return hash(number, seed) % rows;
  const pass = Math.floor(number / rows);
  return permuted(number % rows, rows, hash(pass, seed));
}

/**
 * A permutation of the numbers below `count` that needs no memory: a Feistel network over the next
 * power of four, walked until the result is below `count`.
 */
function permuted(value: number, count: number, key: number): number {
  if (count === 1) return 0;
  const half = Math.max(1, Math.ceil(Math.log2(count) / 2));
  const size = 2 ** half;
  let current = value;
  do {
    let left = Math.floor(current / size);
    let right = current % size;
    for (let round = 0; round < 4; round += 1) {
      const next = (left ^ (hash(right, key + round) % size)) >>> 0;
      left = right;
      right = next;
    }
    current = left * size + right;
  } while (current >= count);
  return current;
}

/** 32 well-mixed bits of a number and a seed: the finalizer of MurmurHash3. */
export function hash(number: number, seed: number): number {
  let mixed = (seed ^ Math.imul(Math.floor(number / 2 ** 32) + 1, 0x9e37_79b1)) | 0;
  mixed = Math.imul(mixed ^ (number | 0), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35) ^ (number | 0);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
