import { access, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import type { Millis } from '@drumline/model';
import { OutputError } from '../../output.js';
import { jsonOf, type EncodedRecord } from '../records/encoded-record.js';
import type { TapRun, TapSink } from '../tap-output.js';
import { withRun } from '../tap-paths.js';
import { placesFor } from './layout.js';
import { ShmWriter } from './shm-writer.js';

const DIRECTORY = '/dev/shm';
/** A run whose writer was silent for so long has ended without saying so. */
const SILENT_MS: Millis = 10_000;

/** How a shared memory is made. */
export interface ShmSettings {
  /** The most bytes of a record of a second. */
  readonly capacity: number;
  readonly mode: number;
  /** Whether it is removed at the end of the run. */
  readonly remove: boolean;
}

/** Shows the newest records in shared memory. */
export class ShmSink implements TapSink {
  private writer: ShmWriter | undefined;
  private path: string | undefined;
  private hasEnded = false;
  /** Whether it has the records of another master of the run. */
  private isContinued = false;

  /** @param shmName with `{run}` for the id of the run */
  constructor(
    private readonly shmName: string,
    private readonly settings: ShmSettings,
  ) {}

  async check(): Promise<void> {
    try {
      await access(DIRECTORY, constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw new OutputError(`cannot write to ${DIRECTORY}: shared memory needs Linux`, { cause });
    }
  }

  async open({ runId, scenario, startedAt }: TapRun): Promise<void> {
    const path = join(DIRECTORY, withRun(this.shmName, runId));
    const { mode, capacity } = this.settings;
    const writer = ShmWriter.open(path, mode, placesFor(capacity));
    const { owner } = writer;
    if (owner?.isRunning && owner.runId !== runId && Date.now() - owner.updatedAtMs < SILENT_MS) {
      writer[Symbol.dispose]();
      throw new Error(`the run ${owner.runId} of process ${owner.pid} writes to ${path}`);
    }
    this.isContinued = owner?.runId === runId;
    writer.begin({ runId, scenario, startedAtMs: Date.parse(startedAt) });
    this.writer = writer;
    this.path = path;
  }

  async write(records: readonly EncodedRecord[]): Promise<void> {
    const writer = this.writer!;
    for (const encoded of records) {
      const { type, seq, second, record, isRepeated } = encoded;
      if (isRepeated && this.isContinued) continue;
      writer.json(type, seq, second, jsonOf(encoded));
      if (record.type === 'second') writer.second(record);
      if (record.type === 'end') this.hasEnded = true;
    }
    if (this.hasEnded) writer.finish(true);
  }

  async close(): Promise<void> {
    const { writer, path } = this;
    this.writer = undefined;
    if (!writer) return;
    if (!this.hasEnded) writer.finish(false);
    writer[Symbol.dispose]();
    if (this.settings.remove) await rm(path!, { force: true });
  }
}
