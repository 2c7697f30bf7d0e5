import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IntervalClosed, IntervalCorrected } from '@drumline/stats';
import type { Output, OutputRun } from '../output.js';
import { packets } from './metric-lines.js';
import { Seconds, type SecondsOptions } from './seconds.js';

export interface StatsdOptions extends SecondsOptions {
  readonly host: string;
  readonly port: number;
  /** The most bytes of a packet, unless one line is longer. */
  readonly packetBytes: number;
}

/** Pauses, so that a second with many series does not overflow the buffer of the receiver. */
const BURST = 8;
const PAUSE_MS = 4;

/** Packets that are left to send. Those that were sent are removed, so that none counts twice. */
interface Batch {
  readonly packets: Buffer[];
}

/** Sends counters and gauges to a StatsD daemon. UDP does not tell whether anything arrives. */
export class StatsdOutput implements Output<Batch> {
  private socket: Socket | undefined;
  private address = '';
  private seconds: Seconds | undefined;

  constructor(private readonly options: StatsdOptions) {}

  /** Only finds the address. */
  async check(): Promise<void> {
    await this.resolve();
  }

  async open({ runId, scenario }: OutputRun): Promise<void> {
    const runTags = this.options.hasTags
      ? ([
          ['run', runId],
          ['scenario', scenario],
        ] as const)
      : [];
    this.seconds = new Seconds(this.options, runTags);
    await this.resolve();
    this.socket ??= createSocket(isIPv6(this.address) ? 'udp6' : 'udp4').on('error', () => {});
  }

  interval(second: IntervalClosed): Batch {
    return this.batch(this.seconds!.closed(second));
  }

  correction(second: IntervalCorrected): Batch {
    return this.batch(this.seconds!.corrected(second));
  }

  async send({ packets: waiting }: Batch, signal: AbortSignal): Promise<void> {
    for (let sent = 1; waiting.length > 0; sent += 1) {
      await this.sendPacket(waiting[0]!);
      waiting.shift();
      if (sent % BURST === 0) await sleep(PAUSE_MS, undefined, { signal });
    }
  }

  close(): Promise<void> {
    this.socket?.close();
    this.socket = undefined;
    return Promise.resolve();
  }

  private batch(lines: readonly string[]): Batch {
    return { packets: packets(lines, this.options.packetBytes) };
  }

  private sendPacket(packet: Buffer): Promise<void> {
    const { port } = this.options;
    return new Promise((resolve, reject) => {
      this.socket!.send(packet, port, this.address, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** IPv4 first: most daemons do not listen on IPv6, and UDP would not tell. */
  private async resolve(): Promise<void> {
    const { host } = this.options;
    try {
      this.address = (await lookup(host, { verbatim: false })).address;
    } catch (cause) {
      throw new Error(`the host ${host} is not known`, { cause });
    }
  }
}
