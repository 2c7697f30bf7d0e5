import { ConnectionError } from './errors.js';
import { readUint32 } from './frame-reader.js';
import {
  CLIENT_PREFACE,
  MAX_MAX_FRAME_BYTES,
  MAX_STREAM_ID,
  MIN_MAX_FRAME_BYTES,
  settingsFrame,
  windowUpdateFrame,
} from './frames.js';

/** RFC 9113, section 6.5.2. */
const SettingId = {
  headerTableSize: 0x1,
  enablePush: 0x2,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
} as const;

export const DEFAULT_WINDOW_BYTES = 65_535;
export const MAX_WINDOW_BYTES = MAX_STREAM_ID;
export const WINDOW_TOO_LARGE = 'a window that is too large';
const ENTRY_BYTES = 6;

/** Without a header table, equal header blocks mean the same, as `HeaderCache` requires. */
export const HEADER_TABLE_BYTES = 0;
/**
 * Limit on one header block, counting 32 more bytes for each header. A larger response is
 * malformed.
 */
export const MAX_HEADER_LIST_BYTES = 64 * 1024;

/**
 * The first bytes that a client sends: RFC 9113, section 3.4.
 * @param streamWindowBytes what the server may send on one stream before it needs a window update
 * @param connectionWindowBytes the same for all streams together; at least 65,535
 */
export function greeting(streamWindowBytes: number, connectionWindowBytes: number): string {
  const settings = settingsFrame([
    [SettingId.headerTableSize, HEADER_TABLE_BYTES],
    [SettingId.enablePush, 0],
    [SettingId.initialWindowSize, streamWindowBytes],
    [SettingId.maxHeaderListSize, MAX_HEADER_LIST_BYTES],
  ]);
  const more = connectionWindowBytes - DEFAULT_WINDOW_BYTES;
  return CLIENT_PREFACE + settings + (more > 0 ? windowUpdateFrame(0, more) : '');
}

/**
 * The limits of the server. Our frames are never larger than every peer accepts, so its frame size
 * limit is ignored.
 */
export class PeerSettings {
  maxStreams = Infinity;
  /** The initial send window of a new stream. */
  windowBytes = DEFAULT_WINDOW_BYTES;

  /**
   * Applies the payload of a SETTINGS frame. Irrelevant settings are ignored.
   * @throws ConnectionError if a value is not allowed
   */
  read(bytes: Buffer, start: number, end: number): void {
    if ((end - start) % ENTRY_BYTES !== 0) {
      throw new ConnectionError('FRAME_SIZE_ERROR', 'a frame of a wrong length');
    }
    for (let at = start; at < end; at += ENTRY_BYTES) {
      this.#set((bytes[at]! << 8) | bytes[at + 1]!, readUint32(bytes, at + 2));
    }
  }

  #set(id: number, value: number): void {
    switch (id) {
      case SettingId.enablePush:
        if (value !== 0) throw new ConnectionError('PROTOCOL_ERROR', 'a setting for clients only');
        break;
      case SettingId.maxConcurrentStreams:
        this.maxStreams = value;
        break;
      case SettingId.initialWindowSize:
        if (value > MAX_WINDOW_BYTES) throw new ConnectionError('FLOW_CONTROL_ERROR', WINDOW_TOO_LARGE);
        this.windowBytes = value;
        break;
      case SettingId.maxFrameSize:
        if (value < MIN_MAX_FRAME_BYTES || value > MAX_MAX_FRAME_BYTES) {
          throw new ConnectionError('PROTOCOL_ERROR', 'a frame size out of range');
        }
        break;
      default:
    }
  }
}
