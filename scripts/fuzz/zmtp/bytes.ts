/** Encodes ZMTP 3.1 (ZeroMQ RFC 37), including invalid messages. */

const FLAG_MORE = 1;
const FLAG_LONG = 2;
const FLAG_COMMAND = 4;

/** @param mechanism up to 20 characters */
export function greeting(mechanism: string, [major, minor]: readonly [number, number] = [3, 1]): Buffer {
  const bytes = Buffer.alloc(64);
  bytes[0] = 0xff;
  bytes[8] = 1;
  bytes[9] = 0x7f;
  bytes[10] = major;
  bytes[11] = minor;
  bytes.write(mechanism, 12, 20, 'latin1');
  return bytes;
}

/** A frame. @param announced a false length */
export function frame(body: Buffer, flags = 0, announced = BigInt(body.length)): Buffer {
  if (announced < 256n) return Buffer.concat([Buffer.of(flags, Number(announced)), body]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(announced);
  return Buffer.concat([Buffer.of(flags | FLAG_LONG), length, body]);
}

export function part(body: Buffer, hasMore: boolean): Buffer {
  return frame(body, hasMore ? FLAG_MORE : 0);
}

export function command(name: string, body: Buffer = Buffer.alloc(0), announced?: bigint): Buffer {
  const whole = Buffer.concat([Buffer.of(name.length), Buffer.from(name, 'latin1'), body]);
  return frame(whole, FLAG_COMMAND, announced ?? BigInt(whole.length));
}

/** A property of READY. @param announced a false length of its value */
export function property(name: string, value: Buffer, announced = value.length): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(announced);
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name, 'latin1'), length, value]);
}

/** The READY command of a Dealer. */
export function ready(identity: Buffer): Buffer {
  const type = property('Socket-Type', Buffer.from('DEALER'));
  return command('READY', Buffer.concat([type, property('Identity', identity)]));
}

/**
 * @param ttl tenths of a second of silence after which the peer may close the connection, 0 for
 * never
 */
export function ping(ttl: number, context: Buffer = Buffer.alloc(0)): Buffer {
  return command('PING', Buffer.concat([Buffer.of(ttl >> 8, ttl & 0xff), context]));
}
