import type { ClientId, SharedHost } from '../shared-handler.js';
import { NumberRanges, sizeOf, type NumberRange } from './number-ranges.js';
import { recallKey, rowsKey, type RowsOp, type RowsReply } from './rows-op.js';

/** A table whose rows lanes lease from the master. */
export interface LeasedTable {
  /** Number of the table among those of the plan. */
  readonly table: number;
  readonly rows: number;
  /** `once`: a row that a user has taken never comes back. `borrow`: users give rows back. */
  readonly use: 'once' | 'borrow';
  /** Whether numbers go on beyond the last row. Only for `once`. */
  readonly repeats: boolean;
}

/** What a lane has of a table. */
interface Holder {
  /** In the order in which the lane got them. */
  readonly held: readonly NumberRange[];
  readonly used: number;
  /** Rows that no user of the lane had when it last reported. */
  readonly idle: number;
  readonly isOver: boolean;
}

/** What became of the rows of a table on a lane. */
export interface HeldRows {
  readonly client: ClientId;
  readonly used: number;
  /** Rows that it has, used or not. */
  readonly held: number;
  readonly isOver: boolean;
}

/** What became of the rows of a table. */
export interface RowsTally {
  /** Rows that lanes have got and have not given back unused. */
  readonly issued: number;
  readonly holders: readonly HeldRows[];
}

const NOTHING: Holder = { held: [], used: 0, idle: 0, isOver: false };

/** The most holders among which the last rows of a table are divided. */
const SHARES = 2;

/** Which lane has which rows of a table. No row is with two lanes at a time. */
export class TableLeases {
  private readonly holders = new Map<ClientId, Holder>();
  /** Lanes that cannot be reached for now. */
  private readonly away = new Set<ClientId>();
  private free = new NumberRanges();
  /** The lowest number that no lane ever had. */
  private next = 0;

  constructor(private readonly about: LeasedTable) {}

  apply(op: RowsOp, client: ClientId, host: SharedHost): RowsReply {
    this.away.delete(client);
    const before = this.idleRows(client);
    this.report(op, client, host);
    const ranges = this.grant(op, client);
    if (ranges.length > 0) this.hold(client, ranges, op, host);
    // Those that wait for rows of this lane ask again: there are some, or none is left.
    if (before > 0 && this.idleRows(client) === 0 && !this.holdersHaveIdle()) this.wakeAll(host);
    if (ranges.length > 0 || op.need === 0) return { ranges };
    host.wait(rowsKey(this.about.table));
    return { ranges, lack: this.recall(client, host) ? 'later' : 'none' };
  }

  /** The lane has ended. Rows that a user may have taken for good do not come back. */
  ended(client: ClientId, host: SharedHost): void {
    const holder = this.holders.get(client);
    if (!holder || holder.isOver) return;
    if (this.about.use === 'borrow') this.giveBack(client, holder.held, host);
    this.put(client, { ...this.holders.get(client)!, isOver: true, idle: 0 }, host);
    this.wakeAll(host);
  }

  /** The lane cannot be reached. Nobody waits for what it has. */
  lost(client: ClientId, host: SharedHost): void {
    if (!this.holders.has(client)) return;
    this.away.add(client);
    this.wakeAll(host);
  }

  /** The lane must have stopped its users. Rows that it has borrowed are free. */
  lapsed(client: ClientId, host: SharedHost): void {
    const holder = this.holders.get(client);
    if (this.isOnce || !holder || holder.held.length === 0) return;
    this.giveBack(client, holder.held, host);
    this.put(client, { ...this.holders.get(client)!, idle: 0 }, host);
  }

  restore(client: ClientId | undefined, value: unknown): void {
    if (client !== undefined) return void this.holders.set(client, value as Holder);
    const { next, free } = value as { next: number; free: readonly NumberRange[] };
    this.next = next;
    this.free = new NumberRanges(free);
  }

  get tally(): RowsTally {
    const holders = [...this.holders].map(([client, { used, held, isOver }]) => ({
      client,
      used,
      held: sizeOf(held),
      isOver,
    }));
    return { issued: this.next - this.free.size, holders };
  }

  private get isOnce(): boolean {
    return this.about.use === 'once';
  }

  /** Takes over what the lane reports. */
  private report({ used, back, idle }: RowsOp, client: ClientId, host: SharedHost): void {
    const holder = this.holders.get(client) ?? NOTHING;
    if (holder.isOver) return;
    const more = Math.max(0, used - holder.used);
    const held = this.isOnce ? withoutFirst(holder.held, more) : holder.held;
    const changed = { ...holder, held, used: holder.used + more, idle: this.isOnce ? sizeOf(held) : idle };
    if (more > 0 || changed.idle !== holder.idle) this.put(client, changed, host);
    if (back.length > 0) this.giveBack(client, back, host);
  }

  private giveBack(client: ClientId, back: readonly NumberRange[], host: SharedHost): void {
    const holder = this.holders.get(client) ?? NOTHING;
    let { held } = holder;
    const had: NumberRange[] = [];
    for (const range of back) {
      const parts = held.map((one) => split(one, range));
      held = parts.flatMap(({ left }) => left);
      had.push(...parts.flatMap(({ cut }) => cut));
    }
    if (had.length === 0) return;
    for (const range of had) this.free.add(range);
    this.put(client, { ...holder, held, idle: this.isOnce ? sizeOf(held) : holder.idle }, host);
    this.keepFree(host);
    host.wake(rowsKey(this.about.table), sizeOf(had));
  }

  /** Chooses rows for a lane: those that its users wait for, and a part of the rest. */
  private grant({ need, want }: RowsOp, client: ClientId): NumberRange[] {
    if (need + want === 0 || this.holders.get(client)?.isOver === true) return [];
    const { rows, repeats } = this.about;
    const unissued = repeats ? Infinity : rows - this.next;
    const available = this.free.size + unissued;
    const active = [...this.holders].filter(([other, { isOver }]) => !isOver && other !== client).length + 1;
    const fair = Math.ceil(available / (SHARES * active));
    const count = Math.min(available, Math.max(need, Math.min(need + want, fair)));
    const ranges = this.free.take(count);
    const missing = count - sizeOf(ranges);
    if (missing > 0) {
      ranges.push([this.next, this.next + missing]);
      this.next += missing;
    }
    return ranges;
  }

  private hold(client: ClientId, ranges: readonly NumberRange[], { need }: RowsOp, host: SharedHost): void {
    const holder = this.holders.get(client) ?? NOTHING;
    const held = [...holder.held, ...ranges];
    const idle = this.isOnce ? sizeOf(held) : holder.idle + Math.max(0, sizeOf(ranges) - need);
    this.put(client, { ...holder, held, idle }, host);
    this.keepFree(host);
  }

  /** Asks other lanes for rows that no user has. @returns whether there are any */
  private recall(client: ClientId, host: SharedHost): boolean {
    let isAsked = false;
    for (const other of this.holders.keys()) {
      // Users may give borrowed rows back.
      const mayGive = this.idleRows(other) > 0 || (!this.isOnce && this.holders.get(other)!.held.length > 0);
      if (other === client || !mayGive || this.away.has(other)) continue;
      host.notify(other, recallKey(this.about.table));
      isAsked ||= this.idleRows(other) > 0;
    }
    return isAsked;
  }

  private holdersHaveIdle(): boolean {
    return [...this.holders.keys()].some((client) => this.idleRows(client) > 0);
  }

  /** The rows of a lane that no user has, as far as is known, and that the lane can give back. */
  private idleRows(client: ClientId): number {
    const holder = this.holders.get(client);
    return !holder || holder.isOver || this.away.has(client) ? 0 : holder.idle;
  }

  private wakeAll(host: SharedHost): void {
    host.wake(rowsKey(this.about.table));
  }

  private put(client: ClientId, holder: Holder, host: SharedHost): void {
    this.holders.set(client, holder);
    host.keep(`${this.about.table}/${client}`, holder);
  }

  private keepFree(host: SharedHost): void {
    host.keep(String(this.about.table), { next: this.next, free: this.free.all });
  }
}

/** The ranges without their first numbers. */
function withoutFirst(ranges: readonly NumberRange[], count: number): NumberRange[] {
  let left = count;
  return ranges.flatMap(([from, to]): NumberRange[] => {
    const cut = Math.min(left, to - from);
    left -= cut;
    return from + cut < to ? [[from + cut, to]] : [];
  });
}

/** Cuts a range out of another. */
function split(
  [from, to]: NumberRange,
  [cutFrom, cutTo]: NumberRange,
): { readonly left: NumberRange[]; readonly cut: NumberRange[] } {
  const cut: NumberRange = [Math.max(from, cutFrom), Math.min(to, cutTo)];
  if (cut[1] <= cut[0]) return { left: [[from, to]], cut: [] };
  const left: NumberRange[] = [];
  if (from < cut[0]) left.push([from, cut[0]]);
  if (cut[1] < to) left.push([cut[1], to]);
  return { left, cut: [cut] };
}
