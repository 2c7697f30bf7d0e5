import { closeSync, openSync, readSync } from 'node:fs';
import type { Artifact, DueTimes, LocalArtifact, Millis, Table } from '@drumline/model';

/** The columns of a file of due times, one after the other: each has a number of every start. */
const COLUMNS = {
  time: Float64Array,
  number: Uint32Array,
  type: Uint16Array,
} as const;
type Name = keyof typeof COLUMNS;
type Values = Float64Array | Uint32Array | Uint16Array;

/** Due times that are sorted, with what else is known of them. */
export interface DueTimeColumns {
  readonly time: Float64Array;
  /** Absent if each start has the number of its position. */
  readonly number?: Uint32Array | undefined;
  /** Absent if the file says nothing about users. */
  readonly type?: Uint16Array | undefined;
}

/** The bytes of a file of due times. */
export function encodeDueTimes(columns: DueTimeColumns): Buffer {
  const all = [columns.time, columns.number, columns.type].filter((values) => values !== undefined);
  return Buffer.concat(
    all.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
}

/** The table of a plan for due times. */
export function dueTimesTable<A extends Artifact>(name: string, columns: DueTimeColumns, data: A): Table<A> {
  const names = (['time', 'number', 'type'] as const).filter((column) => columns[column] !== undefined);
  return { name, format: 'times', rows: columns.time.length, columns: names, seed: 0, data, index: data };
}

/** Reads due times from a file that all lanes of a machine share. */
export class DueTimesFile implements DueTimes {
  readonly count: number;
  private readonly time: Column;
  private readonly number: Column | undefined;
  private readonly type: Column | undefined;

  constructor({ rows, columns = [], data }: Table<LocalArtifact>) {
    this.count = rows;
    let offset = 0;
    const column = (name: Name): Column | undefined => {
      if (!columns.includes(name)) return undefined;
      const made = new Column(data.path, name, offset, rows);
      offset += rows * COLUMNS[name].BYTES_PER_ELEMENT;
      return made;
    };
    this.time = column('time')!;
    this.number = column('number');
    this.type = column('type');
  }

  timeAt(position: number): Millis {
    return this.time.at(position);
  }

  numberAt(position: number): number {
    return this.number === undefined ? position : this.number.at(position);
  }

  typeAt(position: number): number | undefined {
    return this.type?.at(position);
  }
}

/** Numbers that are read together. */
const BLOCK = 8_192;
/** Blocks that are kept in memory: about a megabyte. */
const MAX_BLOCKS = 16;

/** Numbers of a file, read in blocks when they are needed. */
class Column {
  private readonly blocks = new Map<number, Values>();
  private last: Values = new Float64Array();
  private lastBlock = -1;

  constructor(
    private readonly path: string,
    private readonly name: Name,
    private readonly offset: number,
    private readonly rows: number,
  ) {}

  at(position: number): number {
    const block = Math.floor(position / BLOCK);
    if (block !== this.lastBlock) {
      this.last = this.blockOf(block);
      this.lastBlock = block;
    }
    return this.last[position - block * BLOCK]!;
  }

  private blockOf(block: number): Values {
    const known = this.blocks.get(block);
    if (known !== undefined) return known;
    const values = new COLUMNS[this.name](Math.min(BLOCK, this.rows - block * BLOCK));
    const from = this.offset + block * BLOCK * values.BYTES_PER_ELEMENT;
    // No file stays open: a master may have several loads after each other.
    const file = openSync(this.path, 'r');
    try {
      if (readSync(file, values, 0, values.byteLength, from) !== values.byteLength)
        throw new Error(`the due times in ${this.path} are incomplete`);
    } finally {
      closeSync(file);
    }
    if (this.blocks.size >= MAX_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
    this.blocks.set(block, values);
    return values;
  }
}
