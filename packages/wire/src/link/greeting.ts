import { connect } from 'node:net';

/** Signature and major version of a ZMTP greeting: ZeroMQ RFC 37, section "Greeting". */
const HELLO = Buffer.of(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3);
const MECHANISM_AT = 12;
const MECHANISM_BYTES = 20;

/**
 * Asks a ZeroMQ port for its authentication mechanism, and disconnects.
 * @param address `tcp://HOST:PORT`
 * @returns `NULL` for none, `CURVE`, …; undefined without a valid reply in time
 */
export async function askMechanism(address: string, limitMs = 2_000): Promise<string | undefined> {
  const [, host, port] = /^tcp:\/\/\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  if (host === undefined) return undefined;
  return await new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    let heard = Buffer.alloc(0);
    socket.setTimeout(limitMs, () => socket.destroy());
    socket.on('connect', () => socket.write(HELLO));
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      if (heard[0] !== HELLO[0] || heard.byteLength >= MECHANISM_AT + MECHANISM_BYTES) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(mechanismOf(heard)));
  });
}

function mechanismOf(greeting: Buffer): string | undefined {
  const name = greeting.toString('latin1', MECHANISM_AT, MECHANISM_AT + MECHANISM_BYTES);
  return greeting[0] === HELLO[0] ? /^([A-Z]+)\0*$/.exec(name)?.[1] : undefined;
}
