import { MAX_USERS } from './limits.js';

/**
 * Encodes ascending indexes of users: pairs of a gap and its number of repetitions, each as a
 * little-endian base-128 varint. Indexes spread over a thousand lanes take two to three bytes per
 * user. All users on one lane take four bytes in total.
 */
export function encodeUsers(users: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let before = -1;
  for (let from = 0; from < users.length;) {
    const gap = users[from]! - before;
    let to = from + 1;
    while (to < users.length && gap === users[to]! - users[to - 1]!) to += 1;
    push(bytes, gap);
    push(bytes, to - from);
    before = users[to - 1]!;
    from = to;
  }
  return Uint8Array.from(bytes);
}

/** @throws RangeError if these are not the bytes of ascending indexes below `MAX_USERS` */
export function decodeUsers(bytes: Uint8Array): number[] {
  const users: number[] = [];
  let user = -1;
  for (const [gap, times] of pairsIn(bytes)) for (let n = 0; n < times; n += 1) users.push((user += gap));
  return users;
}

/** Whether `decodeUsers` accepts these bytes. Does not allocate the list. */
export function isUserList(bytes: Uint8Array): boolean {
  try {
    for (const _ of pairsIn(bytes));
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function* pairsIn(bytes: Uint8Array): Generator<readonly [gap: number, times: number]> {
  let at = 0;
  let last = -1;
  const next = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at];
      if (byte === undefined || unit > MAX_USERS) throw new RangeError('a list of users is truncated');
      at += 1;
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const gap = next();
    const times = next();
    last += gap * times;
    if (gap === 0 || times === 0 || last >= MAX_USERS)
      throw new RangeError('a list of users is out of order');
    yield [gap, times];
  }
}

function push(bytes: number[], value: number): void {
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) + 128);
    left = Math.floor(left / 128);
  }
  bytes.push(left);
}

/** The number of ascending indexes below `limit`. */
export function countBelow(users: readonly number[], limit: number): number {
  let [low, high] = [0, users.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (users[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
