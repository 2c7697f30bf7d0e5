import { OptionReader } from '../../option-reader.js';
import type { OutputFactory } from '../../output.js';
import { TapOutput } from '../tap-output.js';

const EXAMPLE = 'tap-zmq=tcp://127.0.0.1:5560';

/** A ZeroMQ socket that publishes records. */
export const tapZmq: OutputFactory = {
  name: 'tap-zmq',
  help: {
    text: 'Publish records of the run over ZeroMQ, with the type of a record as its topic',
    example: EXAMPLE,
    options: [
      { name: 'replay', text: 'Address for requests of earlier records, such as tcp://127.0.0.1:5561' },
      {
        name: 'keep',
        text: 'Records that can be replayed, and that wait for a slow subscriber',
        standard: '600',
      },
      { name: 'exposed', text: 'Allow an address that other machines reach; nothing is encrypted' },
    ],
  },
  create: async (spec) => {
    const options = new OptionReader(spec);
    const publish = options.requireUrl(EXAMPLE);
    const replay = options.text('replay');
    const keep = options.wholeNumber('keep', { min: 1, max: 100_000 }, 600);
    const isExposed = options.flag('exposed');
    for (const address of publish === '' ? [] : [publish, replay ?? publish]) {
      const problem = problemOf(address, isExposed);
      if (problem !== undefined) options.problem(problem);
    }
    options.done();
    const { ZmqSink } = await import('./zmq-sink.js');
    return new TapOutput(new ZmqSink({ publish, ...(replay !== undefined && { replay }) }, keep));
  },
};

/** What is wrong with an address; undefined if nothing is. */
function problemOf(address: string, isExposed: boolean): string | undefined {
  if (/^ipc:\/\/./.test(address)) return undefined;
  const parts = /^tcp:\/\/(.+):(\d+|\*)$/.exec(address);
  if (!parts || Number(parts[2]) > 65_535)
    return `the address ${address} must be tcp://HOST:PORT or ipc://PATH`;
  if (isExposed || isLoopback(parts[1]!)) return undefined;
  return `${address} can be reached from other machines, without encryption or a password; listen at 127.0.0.1, or add ?exposed`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
