import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TapRecord } from '@drumline/wire';
import { jsonOf, type EncodedRecord } from '../records/encoded-record.js';

const NAMES: Readonly<Record<EncodedRecord['type'], string>> = {
  second: 'latest.json',
  detail: 'detail.json',
  end: 'end.json',
};

/** The newest record of each type, in a file that is replaced atomically. */
export class LatestFiles {
  private readonly unwritten = new Map<EncodedRecord['type'], EncodedRecord>();

  constructor(private readonly directory: string) {}

  /** Removes the records of another run. */
  async removeOthers(runId: string): Promise<void> {
    for (const name of Object.values(NAMES)) {
      const path = join(this.directory, name);
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text !== undefined && runOf(text) !== runId) await rm(path, { force: true });
    }
  }

  /** Shows records, and those that could not be written before. */
  async show(records: readonly EncodedRecord[]): Promise<void> {
    for (const record of records) this.unwritten.set(record.type, record);
    for (const [type, record] of this.unwritten) {
      await this.replace(NAMES[type], jsonOf(record));
      this.unwritten.delete(type);
    }
  }

  private async replace(name: string, json: Buffer): Promise<void> {
    const temporary = join(this.directory, `.${name}.tmp`);
    try {
      await writeFile(temporary, json);
      await rename(temporary, join(this.directory, name));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
  }
}

function runOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Partial<TapRecord>).run;
  } catch {
    return undefined;
  }
}
