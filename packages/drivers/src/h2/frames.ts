/**
 * Frames as text with one character per byte, the cheapest form to build and write. RFC 9113,
 * section 4.
 */

export const FRAME_HEADER_BYTES = 9;
/** The default limit of a peer, and the lowest one allowed. */
export const MIN_MAX_FRAME_BYTES = 16_384;
export const MAX_MAX_FRAME_BYTES = 2 ** 24 - 1;
/** Also the largest window. */
export const MAX_STREAM_ID = 2 ** 31 - 1;

export const FrameType = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goAway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

export const Flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** The first bytes that a client sends: RFC 9113, section 3.4. */
export const CLIENT_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** RFC 9113, section 4.1. */
export function frameHeader(payloadBytes: number, type: number, flags: number, streamId: number): string {
  return String.fromCharCode(
    (payloadBytes >> 16) & 0xff,
    (payloadBytes >> 8) & 0xff,
    payloadBytes & 0xff,
    type,
    flags,
    streamId >>> 24,
    (streamId >>> 16) & 0xff,
    (streamId >>> 8) & 0xff,
    streamId & 0xff,
  );
}

export function frame(type: number, flags: number, streamId: number, payload: string): string {
  return frameHeader(payload.length, type, flags, streamId) + payload;
}

function uint32(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

export const SETTINGS_ACK = frame(FrameType.settings, Flag.ack, 0, '');

/** @param settings pairs of identifier and value */
export function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): string {
  const payload = settings.map(([id, value]) => String.fromCharCode(id >> 8, id & 0xff) + uint32(value));
  return frame(FrameType.settings, 0, 0, payload.join(''));
}

export function rstStreamFrame(streamId: number, code: number): string {
  return frame(FrameType.rstStream, 0, streamId, uint32(code));
}

export function windowUpdateFrame(streamId: number, increment: number): string {
  return frame(FrameType.windowUpdate, 0, streamId, uint32(increment));
}

/** @param opaque eight bytes */
export function pingFrame(opaque: string, ack: boolean): string {
  return frame(FrameType.ping, ack ? Flag.ack : 0, 0, opaque);
}

/**
 * @param lastStreamId the last stream of the peer that was processed
 * @param debug text that helps debugging at the peer
 */
export function goAwayFrame(lastStreamId: number, code: number, debug: string): string {
  return frame(FrameType.goAway, 0, 0, uint32(lastStreamId) + uint32(code) + debug);
}
