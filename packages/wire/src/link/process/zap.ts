import { Reply, type Context } from 'zeromq';

/**
 * Accepts only peers with this public key. libzmq sends a request for every peer that knows the
 * server’s public key, before it passes on any message from the peer (ZAP, ZeroMQ RFC 27).
 * @param context context of the protected sockets; each context has one guard
 */
export async function guardContext(context: Context, publicKey: Buffer): Promise<{ close(): void }> {
  const zap = new Reply({ context, linger: 0 });
  await zap.bind('inproc://zeromq.zap.01');
  void answerAll(zap, publicKey);
  return zap;
}

async function answerAll(zap: Reply, publicKey: Buffer): Promise<void> {
  for await (const [version, requestId, , , , , key] of zap) {
    // Closed meanwhile: no reply is needed.
    if (zap.closed) return;
    const [status, text] = key?.equals(publicKey) ? ['200', 'OK'] : ['400', 'another key'];
    await zap.send([version ?? '', requestId ?? '', status!, text!, '', '']);
  }
}
