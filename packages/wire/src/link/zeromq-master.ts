import { DrumlineError, messageOf, type Millis } from '@drumline/model';
import { encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { MasterKey } from '../security/keys.js';
import { LinkProcess } from './link-process.js';
import type { MasterLink, PortPolicy } from './link.js';
import { PendingRecords } from './pending-records.js';
import { TO_LINK, TO_MASTER, type RecordRead } from './pipe/records.js';
import type { Drop, PortOrder } from './process/port-order.js';
import { ReadMark } from './read-mark.js';
import { FrameReceiver } from './frame-receiver.js';
import { RestartBackoff } from './restart-backoff.js';

/**
 * Binds the master's port in a link process.
 * @param address `tcp://HOST:PORT`; port 0 selects a free port, see `address` of the link
 * @param key with a key, traffic is encrypted, and only workers with its token are accepted
 * @param process a link process that was started earlier, to save its startup time
 * @throws DrumlineError `address-unavailable` if the address cannot be bound
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
      'Stop the program that uses the port, choose another port with --bind tcp://HOST:PORT, or use port 0 for any free port.',
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

/** A master link over a link process. If the process ends, another one binds the same port. */
class ProcessMasterLink implements MasterLink {
  private readonly receiver = new FrameReceiver();
  private readonly pending = new PendingRecords();
  private readonly restarts = new RestartBackoff();
  private readonly readMark = new ReadMark(
    (mark) => this.process?.write(TO_LINK.sync, '', mark),
    () => this.process?.kill('it stopped responding'),
  );
  private policy: PortPolicy | undefined;
  private restarting: NodeJS.Timeout | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    /** Undefined while the process is being replaced. */
    private process: LinkProcess | undefined,
    private readonly order: PortOrder,
  ) {}

  get address(): string {
    return this.order.address;
  }

  get badFrames(): number {
    return this.receiver.badFrames;
  }

  get unreadForMs(): Millis {
    return this.readMark.unreadForMs;
  }

  listen(...[onMessage, policy]: Parameters<MasterLink['listen']>): void {
    this.receiver.listen(onMessage, policy);
    this.policy = policy;
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
    if (type === TO_MASTER.frame) this.receiver.take(peer, body);
    else if (type === TO_MASTER.synced) this.readMark.passed(body);
    else if (type === TO_MASTER.dropped) {
      const { kind, why, count } = JSON.parse(body.toString()) as Drop;
      this.receiver.dropped(kind, why, count);
    }
  }

  private sendPending(): void {
    while (this.process?.hasRoom) {
      const next = this.pending.shift();
      if (!next) return;
      this.process.write(next.type, next.peer, next.body);
    }
  }

  /** Frames in transit are lost, as with a broken connection. The protocol resends what matters. */
  private startAgain(why: string): void {
    this.process = undefined;
    this.pending.clear();
    this.readMark.closed();
    const { count, delayMs } = this.restarts.ended();
    this.policy?.interrupted?.({ why, count, delayMs });
    this.restarting = setTimeout(() => void this.open(), delayMs);
  }

  private async open(): Promise<void> {
    const process = new LinkProcess();
    this.process = process;
    try {
      await process.bind(this.order);
    } catch (error) {
      // If the link was closed meanwhile, `close` ends the process.
      if (this.closing) return;
      await process.close();
      return this.startAgain(messageOf(error));
    }
    if (!this.closing) this.follow(process, true);
  }
}

/** Messages that show workers that the master is alive are urgent: they are sent before others. */
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
