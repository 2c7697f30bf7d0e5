import { DrumlineError, messageOf, type Millis } from '@drumline/model';
import { encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { MasterKey } from '../security/keys.js';
import { LinkProcess } from './link-process.js';
import type { Doorkeeper, MasterLink } from './link.js';
import { PendingRecords } from './pending-records.js';
import { TO_LINK, TO_MASTER, type RecordRead } from './pipe/records.js';
import type { Drop, PortOrder } from './process/port-order.js';
import { ReadMark } from './read-mark.js';
import { Reception } from './reception.js';
import { Restarts } from './restarts.js';

/**
 * Binds the master's one port, in a process of its own.
 * @param address `tcp://HOST:PORT`; port 0 takes a free one, and the link's `address` names it
 * @param key with one, all traffic is encrypted, and only workers with its token are let in
 * @param process started before, where the time that it takes to boot is used for something else
 * @throws DrumlineError `address-unavailable` if the port is taken or the address is not of this machine
 */
export async function bindMasterLink(
  address: string,
  key: MasterKey | null = null,
  process = new LinkProcess(),
): Promise<MasterLink> {
  const order = orderOf(address, key);
  try {
    return new ProcessMasterLink(process, { ...order, address: await process.bind(order) });
  } catch (error) {
    await process.close();
    throw new DrumlineError(
      'address-unavailable',
      `The master cannot listen on ${address}: ${messageOf(error)}.`,
      'Stop whoever uses the port, choose another one with --bind tcp://HOST:PORT, or use port 0 for any free one.',
      { cause: error },
    );
  }
}

function orderOf(address: string, key: MasterKey | null): PortOrder {
  const security = key && {
    server: key.server,
    workersPublicKey: key.workersPublicKey.toString('hex'),
    client: key.workerToken.client,
  };
  return { address, security };
}

/**
 * The master's end of its link process. If that ends by itself, another one binds the same port,
 * and workers reconnect.
 */
class ProcessMasterLink implements MasterLink {
  private readonly reception = new Reception();
  private readonly pending = new PendingRecords();
  private readonly restarts = new Restarts();
  private readonly readMark = new ReadMark(
    (mark) => this.process?.write(TO_LINK.sync, '', mark),
    () => this.process?.kill('it did not answer any more'),
  );
  private doorkeeper: Doorkeeper | undefined;
  private restarting: NodeJS.Timeout | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    /** Nothing while there is none. */
    private process: LinkProcess | undefined,
    private readonly order: PortOrder,
  ) {}

  get address(): string {
    return this.order.address;
  }

  get badFrames(): number {
    return this.reception.badFrames;
  }

  get unreadForMs(): Millis {
    return this.readMark.unreadForMs;
  }

  listen(...[onMessage, doorkeeper]: Parameters<MasterLink['listen']>): void {
    this.reception.listen(onMessage, doorkeeper);
    this.doorkeeper = doorkeeper;
    this.follow(this.process!, false);
  }

  send(peer: string, message: MasterMessage): void {
    const { process, pending } = this;
    if (!process || this.closing) return;
    const type = recordTypeOf(message);
    const body = encodeMessage(message);
    if (pending.isEmpty && process.hasRoom) process.write(type, peer, body);
    else pending.push({ type, peer, body }, type !== TO_LINK.frame);
  }

  close(): Promise<void> {
    this.closing ??= this.flushAndClose();
    return this.closing;
  }

  private async flushAndClose(): Promise<void> {
    clearTimeout(this.restarting);
    this.readMark.closed();
    for (let next = this.pending.shift(); next; next = this.pending.shift()) {
      this.process?.write(next.type, next.peer, next.body);
    }
    await this.process?.close();
  }

  private follow(process: LinkProcess, isAgain: boolean): void {
    process.listen({
      record: (record) => this.take(record),
      room: () => this.sendPending(),
      ended: (why) => this.startAgain(why),
    });
    if (this.process === process) this.readMark.opened(isAgain);
  }

  private take({ type, peer, body }: RecordRead): void {
    this.readMark.heard();
    if (type === TO_MASTER.frame) this.reception.take(peer, body);
    else if (type === TO_MASTER.synced) this.readMark.passed(body);
    else if (type === TO_MASTER.dropped) {
      const { kind, why, count } = JSON.parse(body.toString()) as Drop;
      this.reception.dropped(kind, why, count);
    }
  }

  private sendPending(): void {
    while (this.process?.hasRoom) {
      const next = this.pending.shift();
      if (!next) return;
      this.process.write(next.type, next.peer, next.body);
    }
  }

  /**
   * What was on its way is lost, as with a connection that breaks: the protocol above repeats what
   * matters.
   */
  private startAgain(why: string): void {
    this.process = undefined;
    this.pending.clear();
    this.readMark.closed();
    const { count, delayMs } = this.restarts.ended();
    this.doorkeeper?.interrupted?.({ why, count, delayMs });
    this.restarting = setTimeout(() => void this.open(), delayMs);
  }

  private async open(): Promise<void> {
    const process = new LinkProcess();
    this.process = process;
    try {
      await process.bind(this.order);
    } catch (error) {
      // One that ended tells so once it is followed.
      if (this.closing) return;
      await process.close();
      return this.startAgain(messageOf(error));
    }
    if (!this.closing) this.follow(process, true);
  }
}

/**
 * Workers wait for urgent messages to know that the master lives: these go ahead of others, those
 * to other workers included.
 */
function recordTypeOf({ type }: MasterMessage): number {
  switch (type) {
    case 'refused':
    case 'dismiss':
      return TO_LINK.strangerFrame;
    case 'heartbeatReply':
    case 'welcome':
    case 'reportAck':
      return TO_LINK.urgentFrame;
    default:
      return TO_LINK.frame;
  }
}
