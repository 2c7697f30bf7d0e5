import { bindMasterLink, createMemoryHub, dialWorkerLink } from '@drumline/wire';
import { Dealer } from 'zeromq';
import { describeLink } from './link.js';

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

describeLink('the ZeroMQ links', async () => {
  // A port that is free now: workers must know it before the master is there.
  const probe = await bindMasterLink('tcp://127.0.0.1:0');
  const { address } = probe;
  await probe.close();
  const strangers: Dealer[] = [];
  return {
    bind: () => bindMasterLink(address),
    dial: (instance) => dialWorkerLink(address, instance),
    sendRaw: async (frame) => {
      const stranger = new Dealer({ linger: 1_000 });
      strangers.push(stranger);
      stranger.connect(address);
      await stranger.send(frame);
    },
    close: () => {
      for (const stranger of strangers) stranger.close();
      return Promise.resolve();
    },
  };
});
