import { rowOf, type RowOrder } from '@drumline/model';
import type { RowBinding, UserType } from '@drumline/scenario';
import { openTable } from '@drumline/scenario/runtime';

/** What the rows of a user depend on. */
export interface RowUser {
  /** Its number among the users of its type, over all workers. */
  readonly ordinal: number;
  readonly iterationNumber: number;
  stopUser(): never;
  stopRun(reason: string): never;
}

/** Makes the object that a user's code reads its rows from. */
export type OpenRows = (user: RowUser) => object;

/** A row, and the number that it was given for. */
interface Held {
  readonly number: number;
  readonly row: unknown;
}

interface Slot {
  readonly binding: RowBinding<unknown>;
  /** Number of user types that share the rows of the table, user by user. */
  readonly sharers: number;
  /** Which of them this type is. */
  readonly position: number;
}

const USER = Symbol('user');
const HELD = Symbol('held');

interface Rows {
  [USER]: RowUser;
  [HELD]: (Held | undefined)[];
}

/**
 * Prepares the rows of a user type.
 * @param all the user types of the scenario: those that share a table take turns
 * @returns undefined if the type has no data
 */
export function rowsOf({ name, spec }: UserType, all: readonly UserType[]): OpenRows | undefined {
  const bindings = Object.entries((spec.data ?? {}) as Record<string, RowBinding<unknown>>);
  if (bindings.length === 0) return undefined;
  const shared = {};
  for (const [index, [key, binding]] of bindings.entries()) {
    const sharers = all.filter((type) => usesByUser(type, binding));
    const position = Math.max(
      0,
      sharers.findIndex((type) => type.name === name),
    );
    const slot = { binding, sharers: Math.max(1, sharers.length), position };
    Object.defineProperty(shared, key, {
      enumerable: true,
      get(this: Rows) {
        return readSlot(this, index, slot);
      },
    });
  }
  return (user) => {
    const rows = Object.create(shared) as Rows;
    rows[USER] = user;
    rows[HELD] = [];
    return rows;
  };
}

function usesByUser({ spec }: UserType, { table, by }: RowBinding<unknown>): boolean {
  const own = Object.values((spec.data ?? {}) as Record<string, RowBinding<unknown>>);
  return by === 'user' && own.some((other) => other.by === 'user' && other.table.ordinal === table.ordinal);
}

function readSlot(rows: Rows, index: number, { binding, sharers, position }: Slot): unknown {
  const user = rows[USER];
  const isByUser = binding.by === 'user';
  const number = isByUser ? user.ordinal * sharers + position : user.iterationNumber;
  const held = rows[HELD][index];
  if (held?.number === number) return held.row;
  const file = openTable(binding.table);
  const { rows: count, seed, name } = file.table;
  const whenEmpty = binding.whenEmpty ?? (isByUser ? 'stop-user' : 'repeat');
  if (number >= count && whenEmpty !== 'repeat') {
    if (whenEmpty === 'stop-run') return user.stopRun(`${name} has no row left`);
    return user.stopUser();
  }
  const order: RowOrder = binding.table.options.order ?? 'sequential';
  const row = file.read(rowOf(order, number, count, seed));
  rows[HELD][index] = { number, row };
  return row;
}
