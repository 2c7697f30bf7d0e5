import { readSync } from 'node:fs';

/** What the table knows about a file. */
export interface FileFacts {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  /** Offset in the file of contents. */
  readonly at: number;
}

/** A file of `data.files`. Its contents are read on demand. */
export class DataFile {
  /** Name without directories, such as `cat.jpg`. */
  readonly name: string;
  /** Path relative to the scenario. */
  readonly path: string;
  /** Number of bytes. */
  readonly size: number;
  readonly #at: number;
  readonly #file: number;

  constructor({ name, path, size, at }: FileFacts, file: number) {
    this.name = name;
    this.path = path;
    this.size = size;
    this.#at = at;
    this.#file = file;
  }

  /** The contents. Each call reads the file. */
  bytes(): Uint8Array {
    const bytes = Buffer.allocUnsafeSlow(this.size);
    for (let filled = 0; filled < this.size;) {
      const read = readSync(this.#file, bytes, filled, this.size - filled, this.#at + filled);
      if (read === 0) throw new Error(`${this.path} was changed while the run used it`);
      filled += read;
    }
    return bytes;
  }

  /** The contents as UTF-8 text. */
  text(): string {
    return Buffer.from(this.bytes()).toString('utf8');
  }
}
