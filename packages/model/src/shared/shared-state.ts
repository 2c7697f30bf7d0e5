import type { ClientId, SharedHandler, SharedHost } from './shared-handler.js';
import type { SharedAnswer, SharedBatch, SharedOp } from './shared-op.js';

/** A change of what is kept for another master. The value undefined deletes the entry. */
export type SharedEntry = readonly [key: string, value: unknown];

/** A batch with the client that sent it. */
export interface SharedRequest extends SharedBatch {
  readonly client: ClientId;
  /** The client's process has ended; this is its last request. */
  readonly isOver?: boolean | undefined;
}

/** One handler for each kind of operation. */
export type SharedHandlers = {
  readonly [K in SharedOp['kind']]: SharedHandler<Extract<SharedOp, { kind: K }>, SharedAnswer>;
};

/** What is known of a client. */
interface Client {
  readonly seq: number;
  readonly answers: readonly SharedAnswer[];
  readonly isOver: boolean;
}

/** Keys of clients. The keys of handlers begin with their kind. */
const CLIENT = 'client/';

/**
 * State that the lanes of a run share. Applies each request once and keeps its answers, so that a
 * repeated request is answered alike, also by another master that has restored the entries.
 */
export class SharedState {
  private readonly clients = new Map<ClientId, Client>();
  private readonly waiting = new Map<string, Set<ClientId>>();
  private kept = new Map<string, unknown>();
  private notices = new Map<ClientId, Set<string>>();

  constructor(private readonly handlers: SharedHandlers) {}

  /**
   * Applies a request, unless it was applied before.
   * @returns the answers, one for each operation; undefined if the client has sent a newer request
   */
  apply({ client, seq, ops, isOver = false }: SharedRequest): readonly SharedAnswer[] | undefined {
    const known = this.clients.get(client);
    if (known && seq <= known.seq) return seq === known.seq ? known.answers : undefined;
    const answers = ops.map((op) => this.applyOne(op, client));
    if (isOver) this.forEachHandler(client, (handler, host) => handler.ended?.(client, host));
    if (isOver) for (const clients of this.waiting.values()) clients.delete(client);
    this.remember(client, { seq, answers, isOver });
    return answers;
  }

  /** The clients of a worker cannot be reached for now. */
  lost(isAffected: (client: ClientId) => boolean): void {
    for (const [client, { isOver }] of this.clients)
      if (!isOver && isAffected(client))
        this.forEachHandler(client, (handler, host) => handler.lost?.(client, host));
  }

  /** The clients of a worker must have stopped their users. They may come back. */
  lapsed(isAffected: (client: ClientId) => boolean): void {
    for (const [client, { isOver }] of this.clients)
      if (!isOver && isAffected(client))
        this.forEachHandler(client, (handler, host) => handler.lapsed?.(client, host));
  }

  /** The processes of a worker have ended. */
  ended(isAffected: (client: ClientId) => boolean): void {
    for (const [client, { seq, isOver }] of this.clients)
      if (!isOver && isAffected(client)) this.apply({ client, seq: seq + 1, ops: [], isOver: true });
  }

  /** What has changed since the last call, for the store. */
  takeEntries(): readonly SharedEntry[] {
    const { kept } = this;
    if (kept.size > 0) this.kept = new Map();
    return [...kept];
  }

  /** The keys that clients are to be told about since the last call. */
  takeNotices(): ReadonlyMap<ClientId, ReadonlySet<string>> {
    const { notices } = this;
    if (notices.size > 0) this.notices = new Map();
    return notices;
  }

  /** Restores what another master kept. */
  restore(entries: Iterable<SharedEntry>): void {
    for (const [key, value] of entries) {
      const at = key.indexOf('/');
      const kind = key.slice(0, at);
      const rest = key.slice(at + 1);
      if (key.startsWith(CLIENT)) this.clients.set(rest, value as Client);
      else this.handlers[kind as SharedOp['kind']].restore(rest, value);
    }
  }

  private applyOne(op: SharedOp, client: ClientId): SharedAnswer {
    const handler: SharedHandler<never, SharedAnswer> = this.handlers[op.kind];
    return handler.apply(op as never, client, this.hostOf(op.kind, client));
  }

  private remember(client: ClientId, known: Client): void {
    this.clients.set(client, known);
    this.kept.set(`${CLIENT}${client}`, known);
  }

  private forEachHandler(
    client: ClientId,
    action: (handler: SharedHandlers[SharedOp['kind']], host: SharedHost) => void,
  ): void {
    for (const kind of Object.keys(this.handlers) as SharedOp['kind'][])
      action(this.handlers[kind], this.hostOf(kind, client));
  }

  private hostOf(kind: string, client: ClientId): SharedHost {
    return {
      keep: (key, value) => void this.kept.set(`${kind}/${key}`, value),
      wait: (key) => {
        const clients = this.waiting.get(key) ?? new Set();
        this.waiting.set(key, clients.add(client));
      },
      wake: (key, most = Infinity) => {
        const clients = this.waiting.get(key) ?? new Set();
        for (const waiting of [...clients].slice(0, most)) {
          clients.delete(waiting);
          this.notify(waiting, key);
        }
        if (clients.size === 0) this.waiting.delete(key);
      },
      notify: (other, key) => this.notify(other, key),
    };
  }

  private notify(client: ClientId, key: string): void {
    this.notices.set(client, (this.notices.get(client) ?? new Set()).add(key));
  }
}
