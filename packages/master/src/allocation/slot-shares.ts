import { decodeUsers, encodeUsers } from '@drumline/model';
import type { PartShare, StoredShare } from './placed-part.js';
import type { FreeSlots, Grant } from './slot-grants.js';

/** Grants and free slots of a stored placement. */
export interface StoredSlots {
  readonly grants: readonly Grant[];
  readonly free: readonly FreeSlots[];
  readonly ending: readonly Grant[];
  /** With those that are ending. */
  readonly past: readonly Grant[];
}

/** Encodes grants and free slots. The same list of slots is encoded once. */
export class SlotShares {
  private readonly encoded = new WeakMap<readonly number[], Uint8Array>();

  /** A grant as it is sent. */
  sent({ id, from, items, untilMs }: Grant): PartShare {
    return { grant: id, from, items: this.encode(items), ...(untilMs !== undefined && { untilMs }) };
  }

  /** A grant for another master. */
  grant(grant: Grant): StoredShare {
    const { items, ...rest } = this.sent(grant);
    const { lane, givenMs } = grant;
    return { lane, items: textOf(items), ...rest, ...(givenMs !== undefined && { givenMs }) };
  }

  /** Free slots for another master. */
  free({ items, ...rest }: FreeSlots): StoredShare {
    return { items: textOf(this.encode(items)), ...rest };
  }

  private encode(items: readonly number[]): Uint8Array {
    const bytes = this.encoded.get(items) ?? encodeUsers(items);
    this.encoded.set(items, bytes);
    return bytes;
  }
}

/** Reads what another master has stored. */
export function storedSlots(shares: readonly StoredShare[]): StoredSlots {
  const [grants, ending, past]: [Grant[], Grant[], Grant[]] = [[], [], []];
  const free: FreeSlots[] = [];
  for (const share of shares) {
    const { lane, grant: id = 0, from = 0, untilMs, givenMs = 0, unserved } = share;
    const items = decodeUsers(Buffer.from(share.items, 'base64'));
    if (lane === undefined) {
      free.push({ from, items, ...(unserved && { unserved }) });
      continue;
    }
    const list = share.past ? past : share.ending ? ending : grants;
    list.push({ id, lane, from, items, givenMs, ...(untilMs !== undefined && { untilMs }) });
  }
  return { grants, free, ending, past: [...ending, ...past] };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
