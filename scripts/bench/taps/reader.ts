// A reader of a tap that is given as the specification of an output, for bench:taps.
import { connect } from 'node:net';
import { Subscriber } from 'zeromq';

const [spec = ''] = process.argv.slice(2);
const [, name, address = ''] = /^([a-z-]+)=([^?]*)/.exec(spec) ?? [];
if (name === 'tap-unix') connect(address).resume();
if (name === 'tap-zmq') void subscribe();
process.send!('ready');
// Other taps are read without the writer.
setInterval(() => {}, 60_000);

async function subscribe(): Promise<void> {
  const socket = new Subscriber();
  socket.connect(address);
  socket.subscribe();
  for await (const [topic] of socket) if (topic === undefined) return;
}
