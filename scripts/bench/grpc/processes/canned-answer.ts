/** A prepared answer: a sequence of frames without their stream number. */
export interface CannedAnswer {
  readonly bytes: Buffer;
  readonly frames: readonly AnswerFrame[];
}

interface AnswerFrame {
  readonly offset: number;
  readonly end: number;
  /** Bytes that count for flow control. */
  readonly flowBytes: number;
}

export const FRAME = { data: 0, headers: 1, rstStream: 3, settings: 4, ping: 6, windowUpdate: 8 } as const;
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const;
export const FRAME_HEAD_BYTES = 9;
/** Default maximum size of a frame (RFC 9113, 6.5.2). */
const MAX_FRAME_BYTES = 16_384;

// HPACK (RFC 7541): `:status: 200` from the static table. `content-type` uses a name of the static
// table, `grpc-status` a literal name; neither is indexed.
const HEAD = Buffer.concat([Buffer.from([0x88, 0x0f, 0x10]), text('application/grpc')]);
const TRAILERS = Buffer.concat([Buffer.from([0x00]), text('grpc-status'), text('0')]);

/**
 * An answer with status OK and these messages. Each message has its own frames, as servers send
 * them.
 */
export function cannedAnswer(messages: readonly Buffer[]): CannedAnswer {
  const data = messages.flatMap((message) =>
    slices(message, MAX_FRAME_BYTES).map((part) => frame(FRAME.data, 0, part)),
  );
  const all = [
    frame(FRAME.headers, FLAG.endHeaders, HEAD),
    ...data,
    frame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, TRAILERS),
  ];
  let offset = 0;
  const frames = all.map((bytes) => {
    const flowBytes = bytes[3] === FRAME.data ? bytes.length - FRAME_HEAD_BYTES : 0;
    const at = offset;
    offset += bytes.length;
    return { offset: at, end: offset, flowBytes };
  });
  return { bytes: Buffer.concat(all), frames };
}

/** RFC 9113, 4.1. */
export function frame(type: number, flags: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(FRAME_HEAD_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.set(payload, FRAME_HEAD_BYTES);
  return bytes;
}

function slices(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')]);
}
