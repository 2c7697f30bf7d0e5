/**
 * The format of records in the pipe between a master and its link process. A record consists of the
 * length of the rest (4 bytes, little-endian), the type, the length of the peer's name, the name in
 * latin1, and the body.
 */
const LENGTH_BYTES = 4;
const HEAD_BYTES = LENGTH_BYTES + 2;

/** Types of records from the master. */
export const TO_LINK = {
  /** Bind the port; the body is a `PortOrder` in JSON. Sent once, first. */
  bind: 1,
  /** A frame for a worker. */
  frame: 2,
  /** A frame for a worker that is sent before others, including those for other workers. */
  urgentFrame: 3,
  /** A frame for a peer that has not joined or must leave. */
  strangerFrame: 4,
  /** Reply with `synced` and the same body, after a frame of every peer that had sent one. */
  sync: 5,
  /** Send all waiting frames, then exit. */
  close: 6,
} as const;

/** Types of records from the link process. */
export const TO_MASTER = {
  /** The port is bound; the body is its address. */
  bound: 1,
  /** The port cannot be bound; the body is the reason. */
  unavailable: 2,
  /** A frame from a peer. */
  frame: 3,
  /** Something was dropped; the body is a `Drop` in JSON. */
  dropped: 4,
  /** The reply to `sync`. */
  synced: 5,
} as const;

/** One record of the pipe. */
export interface RecordRead {
  readonly type: number;
  /** Empty if the record does not concern a peer. */
  readonly peer: string;
  /** A view of the read buffer. */
  readonly body: Buffer;
}

/** Size of a record in bytes. */
export function recordBytes(peer: string, body: Uint8Array): number {
  return HEAD_BYTES + peer.length + body.byteLength;
}

/**
 * Writes a record without its body.
 * @returns the position of the body
 */
export function writeRecordHead(
  target: Buffer,
  at: number,
  type: number,
  peer: string,
  body: Uint8Array,
): number {
  target.writeUInt32LE(recordBytes(peer, body) - LENGTH_BYTES, at);
  target[at + LENGTH_BYTES] = type;
  target[at + LENGTH_BYTES + 1] = peer.length;
  return at + HEAD_BYTES + target.write(peer, at + HEAD_BYTES, 'latin1');
}

/** Splits a stream of bytes into records. */
export class RecordReader {
  private chunks: Buffer[] = [];
  private byteLength = 0;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.byteLength += chunk.byteLength;
  }

  /** The next record; undefined if it is incomplete. */
  next(): RecordRead | undefined {
    if (this.byteLength < HEAD_BYTES) return undefined;
    if (this.chunks[0]!.byteLength < HEAD_BYTES) this.joinChunks();
    const size = LENGTH_BYTES + this.chunks[0]!.readUInt32LE(0);
    if (this.byteLength < size) return undefined;
    if (this.chunks[0]!.byteLength < size) this.joinChunks();
    const [first] = this.chunks as [Buffer];
    this.byteLength -= size;
    if (first.byteLength === size) this.chunks.shift();
    else this.chunks[0] = first.subarray(size);
    const bodyAt = HEAD_BYTES + first[HEAD_BYTES - 1]!;
    return {
      type: first[LENGTH_BYTES]!,
      peer: first.toString('latin1', HEAD_BYTES, bodyAt),
      body: first.subarray(bodyAt, size),
    };
  }

  private joinChunks(): void {
    this.chunks = [Buffer.concat(this.chunks)];
  }
}
