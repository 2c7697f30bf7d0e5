import type { Millis, SharedBatch } from '@drumline/model';
import type { SharedReply, SharedRequestMessage, SharedWake } from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { LaneOrder } from '../lane-protocol.js';

/** The process of a lane. */
export interface SharingLane {
  readonly number: number;
  readonly exited: Promise<void>;
  send(order: LaneOrder): void;
}

/** A request that the master has not answered. */
interface Open {
  readonly request: Omit<SharedRequestMessage, 'type' | 'runId'>;
  sentAtMs: Millis;
}

/** The process of a lane, with its requests. */
interface Client {
  readonly lane: SharingLane;
  readonly open: Open[];
  lastSeq: number;
}

/** A request is sent again after this time without an answer. */
const REPEAT_AFTER_MS: Millis = 1_000;

/**
 * The requests of lanes for shared state. Repeats each one until the master answers it. When the
 * process of a lane has ended, it tells the master so.
 */
export class SharedRequests {
  /** By their numbers. */
  private readonly clients = new Map<number, Client>();
  private readonly numbers = new Map<SharingLane, number>();
  private settling: (() => void)[] = [];

  /** @param send returns without an effect while there is no master */
  constructor(private readonly send: (request: Omit<SharedRequestMessage, 'type' | 'runId'>) => void) {}

  add(lane: SharingLane, { seq, ops }: SharedBatch): void {
    const client = this.numberOf(lane);
    this.push(client, { lane: lane.number, client, seq, ops: [...ops] });
  }

  hear(message: SharedReply | SharedWake): void {
    if (message.type === 'sharedReply') this.answer(message);
    else this.clients.get(message.client)?.lane.send({ type: 'sharedWake', keys: message.keys });
  }

  /** Passes an answer of the master on to its lane. */
  private answer({ client, seq, answers }: SharedReply): void {
    const known = this.clients.get(client);
    const at = known?.open.findIndex(({ request }) => request.seq === seq) ?? -1;
    if (!known || at < 0) return;
    const [{ request }] = known.open.splice(at, 1) as [Open];
    if (request.isOver === true) this.clients.delete(client);
    else known.lane.send({ type: 'sharedReply', seq, answers });
    const [next] = known.open;
    if (next) this.transmit(next);
    if (this.isEmpty) for (const settled of this.settling.splice(0)) settled();
  }

  /** Sends requests again that are not answered yet. @param all also those that were just sent */
  repeat(all = false): void {
    const now = monotonicMs();
    for (const { open } of this.clients.values()) {
      const [first] = open;
      if (first && (all || now - first.sentAtMs >= REPEAT_AFTER_MS)) this.transmit(first);
    }
  }

  /** Whether the master has answered everything. */
  get isEmpty(): boolean {
    for (const { open } of this.clients.values()) if (open.length > 0) return false;
    return true;
  }

  /** Resolves when the master has answered everything. */
  settled(): Promise<void> {
    return this.isEmpty ? Promise.resolve() : new Promise((resolve) => this.settling.push(resolve));
  }

  private numberOf(lane: SharingLane): number {
    const known = this.numbers.get(lane);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(lane, number);
    this.clients.set(number, { lane, open: [], lastSeq: 0 });
    void lane.exited.then(() => {
      const { lastSeq } = this.clients.get(number)!;
      this.push(number, { lane: lane.number, client: number, seq: lastSeq + 1, ops: [], isOver: true });
    });
    return number;
  }

  /** Sends requests of a lane one after the other, so that none overtakes another. */
  private push(client: number, request: Open['request']): void {
    const known = this.clients.get(client)!;
    const one = { request, sentAtMs: -Infinity };
    known.lastSeq = request.seq;
    known.open.push(one);
    if (known.open.length === 1) this.transmit(one);
  }

  private transmit(one: Open): void {
    one.sentAtMs = monotonicMs();
    this.send(one.request);
  }
}
