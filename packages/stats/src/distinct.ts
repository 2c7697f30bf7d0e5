/** 2^10 registers give a standard error of about 3 %. */
const INDEX_BITS = 10;
const REGISTERS = 2 ** INDEX_BITS;
/** One more than the longest run of zeros in the rest of a 32-bit hash. */
const MAX_RANK = 32 - INDEX_BITS + 1;

/**
 * Estimates the number of different texts in one kilobyte, with HyperLogLog (Flajolet, Fusy,
 * Gandouet and Meunier, 2007) and linear counting for small numbers. Sketches can be merged in any
 * order.
 */
export class DistinctCount {
  #registers: Uint8Array | undefined;

  get empty(): boolean {
    return this.#registers === undefined;
  }

  add(text: string): void {
    const hash = hashOf(text);
    this.#raise(hash >>> (32 - INDEX_BITS), Math.min(MAX_RANK, Math.clz32(hash << INDEX_BITS) + 1));
  }

  /** Adds a sketch that `checkSketch` has passed. */
  merge(sketch: Uint8Array): void {
    for (let index = 0; index < REGISTERS; index += 1) this.#raise(index, sketch[index]!);
  }

  /** A copy of the registers; undefined if nothing was added. */
  sketch(): Uint8Array | undefined {
    return this.#registers?.slice();
  }

  estimate(): number {
    const registers = this.#registers;
    if (registers === undefined) return 0;
    let sum = 0;
    let zeros = 0;
    for (const rank of registers) {
      sum += 2 ** -rank;
      if (rank === 0) zeros += 1;
    }
    const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
    return Math.round(raw <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log(REGISTERS / zeros) : raw);
  }

  clear(): void {
    this.#registers = undefined;
  }

  #raise(index: number, rank: number): void {
    const registers = (this.#registers ??= new Uint8Array(REGISTERS));
    if (rank > registers[index]!) registers[index] = rank;
  }
}

/** @throws RangeError if the bytes are not a sketch */
export function checkSketch(sketch: Uint8Array): void {
  if (sketch.length === REGISTERS && sketch.every((rank) => rank <= MAX_RANK)) return;
  throw new RangeError('not a sketch of distinct names');
}

/** FNV-1a over UTF-16 units, then the finalizer of MurmurHash3 for evenly distributed bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
