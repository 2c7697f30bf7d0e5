import { pack, unpack } from 'msgpackr';
import type { Tally } from './load.js';
import { LOCUST_USER, type LocustReports } from './locust-reports.js';
import { Connection, type SimulatedWorker } from './simulated-worker.js';

/** The version that masters of all versions accept. */
const ANY_VERSION = -1;
const USERS = { user_classes_count: { [LOCUST_USER]: 1 }, user_count: 1 };

/** A worker of Locust. Its messages are arrays of type, data and the worker's id. */
export class LocustWorker implements SimulatedWorker {
  private readonly connection: Connection;
  private readonly id: Buffer;
  private isAccepted = false;
  private isRunning = false;
  private isFinishing = false;
  private reported = 0;
  /** Replies do not name their heartbeat, but have its order. */
  private readonly beatsMs: number[] = [];

  constructor(
    private readonly number: number,
    address: string,
    private readonly reports: LocustReports,
    private readonly series: number,
    private readonly tally: Tally,
  ) {
    this.connection = new Connection(`simulated_${number}`, address, (frame) => this.receive(frame));
    this.id = pack(this.connection.name);
  }

  join(): void {
    if (!this.isAccepted) this.send('client_ready', pack(ANY_VERSION));
  }

  beat(): void {
    if (!this.isAccepted) return;
    this.beatsMs.push(performance.now());
    const state = this.isRunning ? 'running' : 'ready';
    this.send('heartbeat', pack({ state, current_cpu_usage: 10.5, current_memory_usage: 1e8 }));
  }

  report(): void {
    if (!this.isRunning || this.isFinishing) return;
    const variant = this.number + this.reported++;
    const requests = this.reports.requestsOf(variant);
    this.tally.reports += 1;
    this.tally.entries += this.series;
    this.tally.requests += requests;
    // There are no acknowledgements.
    this.tally.ackedEntries += this.series;
    this.tally.ackedRequests += requests;
    this.send('stats', this.reports.dataOf(variant, Math.floor(Date.now() / 1_000)));
  }

  finish(): void {
    this.isFinishing = true;
  }

  private receive(frame: Buffer): void {
    const [type] = unpack(frame) as [string, unknown, string];
    if (type === 'ack') this.isAccepted = true;
    else if (type === 'heartbeat') this.tally.roundTripsMs.push(performance.now() - this.beatsMs.shift()!);
    else if (type === 'spawn') {
      this.tally.assignments += 1;
      if (!this.isRunning) this.tally.running += 1;
      this.isRunning = true;
      this.send('spawning', pack(null));
      this.send('spawning_complete', pack(USERS));
    }
  }

  private send(type: string, data: Uint8Array): void {
    this.connection.send(Buffer.concat([ARRAY_OF_THREE, pack(type), data, this.id]));
  }
}

const ARRAY_OF_THREE = Buffer.of(0x93);
