import {
  createMemoryHub,
  decodeMasterMessage,
  decodeWorkerMessage,
  type MasterMessage,
  type MemoryHub,
  type FrameInTransit,
  type WorkerMessage,
} from '@drumline/wire';
import type { SimulatedProcess } from '../world/process.js';
import type { Random } from '../world/random.js';
import type { World } from '../world/world.js';

/** Delays, losses and reordering of frames. */
export interface NetworkConditions {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** Fractions of all frames, 0 to 1. */
  readonly dropped: number;
  readonly repeated: number;
  /** Whether frames of one direction may be reordered. */
  readonly reorders: boolean;
  /** Time the master takes to read a message. Simulates a lack of CPU. */
  readonly masterMsPerMessage?: number;
}

/**
 * What happens to frames during a cut: they are lost, they arrive after the cut (as with TCP), or
 * they cannot be sent.
 */
export type Cut = 'loses' | 'holds' | 'refuses';

/** The content of a frame. */
export type MessageType = (MasterMessage | WorkerMessage)['type'];

/** The line between the master and one worker. */
interface Line {
  readonly worker: SimulatedProcess;
  cut: Cut | undefined;
  readonly held: FrameInTransit[];
  /** For each of these message types, the next frame is lost. */
  readonly toLose: MessageType[];
  /** When the last frame of each direction arrives. */
  readonly lastAtMs: Record<FrameInTransit['to'], number>;
}

/**
 * In-memory links over a network that drops, repeats, delays and reorders frames, and can be cut.
 */
export class SimulatedNetwork {
  readonly hub: MemoryHub;
  /** The process that is bound to the master's port. */
  master: SimulatedProcess | undefined;
  private readonly lines = new Map<string, Line>();
  private readonly conditions: NetworkConditions;
  private calm = false;

  constructor(
    private readonly world: World,
    private readonly random: Random,
    conditions: NetworkConditions,
  ) {
    this.conditions = conditions;
    this.hub = createMemoryHub(
      (passage) => this.carry(passage),
      () => (this.calm ? 0 : (conditions.masterMsPerMessage ?? 0)),
    );
  }

  /** Creates a line to a worker, under the name of its connection. */
  connect(peer: string, worker: SimulatedProcess, cut: Cut | undefined): void {
    this.lines.set(peer, { worker, cut, held: [], toLose: [], lastAtMs: { master: 0, worker: 0 } });
  }

  cut(peer: string, how: Cut): void {
    const line = this.lines.get(peer);
    if (line) line.cut = how;
  }

  heal(peer: string): void {
    const line = this.lines.get(peer);
    if (!line) return;
    line.cut = undefined;
    for (const passage of line.held.splice(0)) this.send(line, passage);
  }

  /** Drops the next message of this type to or from a worker. */
  loseNext(peer: string, type: MessageType): void {
    this.lines.get(peer)?.toLose.push(type);
  }

  /** From now on every frame arrives once and in order. */
  calmDown(): void {
    this.calm = true;
    for (const [peer, line] of this.lines) {
      line.toLose.length = 0;
      this.heal(peer);
    }
  }

  private carry(passage: FrameInTransit): boolean {
    const line = this.lines.get(passage.peer);
    if (!line || line.cut === 'refuses') return false;
    if (line.cut === 'loses') return true;
    if (line.cut === 'holds') {
      line.held.push(passage);
      return true;
    }
    if (isToBeLost(line, passage)) return true;
    const { calm, random } = this;
    if (!calm && random.chance(this.conditions.dropped)) return true;
    this.send(line, passage);
    if (!calm && random.chance(this.conditions.repeated)) this.send(line, passage);
    return true;
  }

  private send(line: Line, { to, deliver }: FrameInTransit): void {
    const receiver = to === 'master' ? this.master : line.worker;
    const { minDelayMs, maxDelayMs, reorders } = this.conditions;
    const soonestMs = this.world.nowMs + this.random.between(minDelayMs, maxDelayMs);
    const atMs = reorders && !this.calm ? soonestMs : Math.max(soonestMs, line.lastAtMs[to]);
    line.lastAtMs[to] = Math.max(line.lastAtMs[to], atMs);
    receiver?.receive(atMs - this.world.nowMs, deliver);
  }
}

function isToBeLost({ toLose }: Line, { to, frame }: FrameInTransit): boolean {
  if (toLose.length === 0) return false;
  const { type } = to === 'worker' ? decodeMasterMessage(frame) : decodeWorkerMessage(frame);
  const index = toLose.indexOf(type);
  if (index >= 0) toLose.splice(index, 1);
  return index >= 0;
}
