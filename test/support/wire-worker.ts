import { randomUUID } from 'node:crypto';
import { Dealer } from 'zeromq';
import { decodeMasterMessage, encodeMessage, PROTOCOL_VERSION, type MasterMessage } from '@drumline/wire';

/** A worker without lanes: it sends hello and receives the answer. */
export interface WireWorker {
  /** The master's first answer. */
  readonly answer: Promise<MasterMessage>;
  /** Sends goodbye, then closes. */
  leave(): Promise<void>;
  /** Closes without a goodbye. */
  vanish(): void;
}

/** @param protocol the announced protocol version */
export function dialAsWorker(address: string, name: string, protocol = PROTOCOL_VERSION): WireWorker {
  const instance = randomUUID();
  const dealer = new Dealer({ routingId: instance, linger: 0 });
  dealer.connect(address);
  const hello = {
    type: 'hello',
    protocol,
    version: '0.0.1',
    instance,
    name,
    host: 'wire',
    pid: process.pid,
    lanes: 1,
    node: process.version,
    orphanGraceMs: 0,
  } as const;
  const ask = async (): Promise<MasterMessage> => {
    await dealer.send(encodeMessage(hello));
    const [frame] = await dealer.receive();
    return decodeMasterMessage(frame!);
  };
  return {
    answer: ask(),
    leave: async () => {
      await dealer.send(
        encodeMessage({ type: 'goodbye', reason: 'it only wanted to be seen', complete: true }),
      );
      dealer.linger = 1_000;
      dealer.close();
    },
    vanish: () => dealer.close(),
  };
}
