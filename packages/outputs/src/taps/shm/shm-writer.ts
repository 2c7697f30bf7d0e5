import {
  closeSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import type { TapSecond } from '@drumline/wire';
import {
  AREA,
  HEADER,
  HEADER_BYTES,
  LAYOUT_VERSION,
  MAGIC,
  RUN_ID_BYTES,
  RUN_PART,
  RUN_STATES,
  SCENARIO_BYTES,
  SLOTS,
  SLOT_BYTES,
  slotBody,
  writeU64,
  type AreaPlace,
  type ShmPlaces,
} from './layout.js';

/** The run that a shared memory shows. */
export interface ShmRun {
  readonly runId: string;
  readonly scenario: string;
  readonly startedAtMs: number;
}

/** Who writes a shared memory. */
export interface ShmOwner {
  readonly runId: string;
  readonly isRunning: boolean;
  readonly pid: number;
  readonly updatedAtMs: number;
}

/**
 * Writes a shared memory by its file. Each part is written under its lock: the odd lock, the part,
 * the even lock, each with one call. If the writer is killed in between, the lock stays odd. A file
 * of the same layout is used again, so that readers that have mapped it see the next run.
 */
export class ShmWriter implements Disposable {
  private run: ShmRun | undefined;
  private secondsWritten = 0;

  private constructor(
    private readonly file: number,
    private readonly places: ShmPlaces,
  ) {}

  static open(path: string, mode: number, places: ShmPlaces): ShmWriter {
    const existing = openExisting(path);
    if (existing !== undefined) {
      const writer = new ShmWriter(existing, places);
      if (writer.isOfThisLayout()) return writer;
      // Another file, because a shorter one would break readers that have mapped this one.
      closeSync(existing);
      rmSync(path);
    }
    const file = openSync(path, 'wx+', mode);
    fchmodSync(file, mode);
    const writer = new ShmWriter(file, places);
    writer.create();
    return writer;
  }

  /** Who writes it, or has written it last; undefined if nobody has. */
  get owner(): ShmOwner | undefined {
    const runId = this.read(HEADER.runId, RUN_ID_BYTES).toString('utf8').replace(/\0.*$/s, '');
    if (runId === '') return undefined;
    const isRunning = this.readU64(HEADER.state) === RUN_STATES.running;
    const pid = this.readU64(HEADER.writerPid);
    return { runId, isRunning, pid, updatedAtMs: this.readU64(HEADER.updatedAtMs) };
  }

  /** Begins a run, or continues it. The records of another run are removed. */
  begin(run: ShmRun): void {
    const isSame = this.owner?.runId === run.runId;
    this.run = run;
    this.secondsWritten = isSame ? this.readU64(HEADER.secondsWritten) : 0;
    if (!isSame) this.clear();
    this.writeRun(RUN_STATES.running);
  }

  second(record: TapSecond): void {
    const { second } = record;
    this.locked(this.places.slotsAt + (second % SLOTS) * SLOT_BYTES, slotBody(record));
    this.secondsWritten = second + 1;
    this.writeRun(RUN_STATES.running);
  }

  /** Writes the JSON of a record. If it does not fit, the area only shows how long it is. */
  json(type: 'second' | 'detail' | 'end', seq: number, second: number, json: Buffer): void {
    const { at, capacity } = this.places[type];
    const fits = json.length <= capacity;
    const body = Buffer.alloc(AREA.json - 8 + (fits ? json.length : 0));
    writeU64(body, seq, AREA.seq - 8);
    writeU64(body, second, AREA.second - 8);
    writeU64(body, fits ? json.length : 0, AREA.length - 8);
    writeU64(body, json.length, AREA.needed - 8);
    if (fits) json.copy(body, AREA.json - 8);
    this.locked(at, body);
  }

  /** Shows that nothing more follows. @param hasEnded whether the run has ended */
  finish(hasEnded: boolean): void {
    if (this.run) this.writeRun(hasEnded ? RUN_STATES.ended : RUN_STATES.closed);
  }

  [Symbol.dispose](): void {
    closeSync(this.file);
  }

  private isOfThisLayout(): boolean {
    if (fstatSync(this.file).size !== this.places.bytes) return false;
    if (this.read(HEADER.magic, MAGIC.length).toString('latin1') !== MAGIC) return false;
    return this.readU64(HEADER.version) === LAYOUT_VERSION;
  }

  private create(): void {
    ftruncateSync(this.file, this.places.bytes);
    const { slotsAt, second, detail, end, bytes } = this.places;
    const header = Buffer.alloc(HEADER_BYTES);
    const numbers: readonly (readonly [number, number])[] = [
      [HEADER.version, LAYOUT_VERSION],
      [HEADER.bytes, bytes],
      [HEADER.slotsAt, slotsAt],
      [HEADER.slots, SLOTS],
      [HEADER.slotBytes, SLOT_BYTES],
      [HEADER.secondAt, second.at],
      [HEADER.secondCapacity, second.capacity],
      [HEADER.detailAt, detail.at],
      [HEADER.detailCapacity, detail.capacity],
      [HEADER.endAt, end.at],
      [HEADER.endCapacity, end.capacity],
    ];
    for (const [at, value] of numbers) writeU64(header, value, at);
    this.write(HEADER.version, header.subarray(HEADER.version));
    // Last: readers wait for it.
    this.write(HEADER.magic, Buffer.from(MAGIC, 'latin1'));
  }

  private clear(): void {
    for (let slot = 0; slot < SLOTS; slot += 1)
      this.locked(this.places.slotsAt + slot * SLOT_BYTES, Buffer.alloc(SLOT_BYTES - 8));
    const areas: readonly AreaPlace[] = [this.places.second, this.places.detail, this.places.end];
    for (const { at } of areas) this.locked(at, Buffer.alloc(AREA.json - 8));
  }

  private writeRun(state: number): void {
    const { runId, scenario, startedAtMs } = this.run!;
    const body = Buffer.alloc(RUN_PART.to - RUN_PART.from);
    writeU64(body, state, HEADER.state - RUN_PART.from);
    writeU64(body, process.pid, HEADER.writerPid - RUN_PART.from);
    writeU64(body, Date.now(), HEADER.updatedAtMs - RUN_PART.from);
    writeU64(body, this.secondsWritten, HEADER.secondsWritten - RUN_PART.from);
    writeU64(body, startedAtMs, HEADER.startedAtMs - RUN_PART.from);
    body.write(runId, HEADER.runId - RUN_PART.from, RUN_ID_BYTES - 1, 'utf8');
    body.write(scenario, HEADER.scenario - RUN_PART.from, SCENARIO_BYTES - 1, 'utf8');
    this.locked(HEADER.lock, body);
  }

  /** Writes a part behind its lock. */
  private locked(lockAt: number, body: Buffer): void {
    const lock = Buffer.alloc(8);
    // Odd already if the last writer was killed in the middle.
    const odd = this.readU64(lockAt) | 1;
    writeU64(lock, odd, 0);
    this.write(lockAt, lock);
    this.write(lockAt + 8, body);
    writeU64(lock, odd + 1, 0);
    this.write(lockAt, lock);
  }

  private write(at: number, bytes: Buffer): void {
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.file, bytes, done, bytes.length - done, at + done);
  }

  private read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.file, bytes, 0, length, at);
    return bytes;
  }

  private readU64(at: number): number {
    return Number(this.read(at, 8).readBigUInt64LE());
  }
}

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
