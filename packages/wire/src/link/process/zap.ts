import { Reply, type Context } from 'zeromq';

/**
 * Lets in whoever has this key, and nobody else: libzmq asks about every peer that has shown that it knows the server’s public key,
 * before anything that the peer says is handed on (ZAP, ZeroMQ RFC 27).
 * @param context of the sockets that this is for; one context has one such guard
 */
export async function guardContext(context: Context, publicKey: Buffer): Promise<{ close(): void }> {
  const zap = new Reply({ context, linger: 0 });
  await zap.bind('inproc://zeromq.zap.01');
  void answerAll(zap, publicKey);
  return zap;
}

async function answerAll(zap: Reply, publicKey: Buffer): Promise<void> {
  for await (const [version, requestId, , , , , key] of zap) {
    // Closed since it was asked: nobody waits for an answer.
    if (zap.closed) return;
    const [status, text] = key?.equals(publicKey) ? ['200', 'OK'] : ['400', 'another key'];
    await zap.send([version ?? '', requestId ?? '', status!, text!, '', '']);
  }
}
