import { bindMasterLink, createMemoryHub, dialWorkerLink } from '@drumline/wire';
import { MasterKey } from '@drumline/wire/security';
import { Dealer } from 'zeromq';
import { describeLink, type Network } from './link.js';

describeLink('the memory links', () => {
  const hub = createMemoryHub();
  return {
    bind: () => Promise.resolve(hub.bind()),
    dial: () => hub.dial(),
    sendRaw: (frame) => {
      hub.inject(frame);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
});

describeLink('the ZeroMQ links', () => zeromqNetwork(null));
describeLink('the ZeroMQ links with a key', () => zeromqNetwork(MasterKey.generate()));

async function zeromqNetwork(key: MasterKey | null): Promise<Network> {
  // A port that is free now. Workers must know it before the master starts.
  const probe = await bindMasterLink('tcp://127.0.0.1:0', key);
  const { address } = probe;
  await probe.close();
  const token = key?.workerToken ?? null;
  const peers: Dealer[] = [];
  return {
    bind: () => bindMasterLink(address, key),
    dial: (instance) => dialWorkerLink(address, instance, token),
    sendRaw: async (frame) => {
      const peer = new Dealer({ linger: 1_000, ...token?.client });
      peers.push(peer);
      peer.connect(address);
      await peer.send(frame);
    },
    close: () => {
      for (const peer of peers) peer.close();
      return Promise.resolve();
    },
  };
}
