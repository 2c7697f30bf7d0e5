// The link process: a child of the master that holds its ZeroMQ socket, so that an abort in libzmq
// does not end the master. It speaks the records of ../pipe/records.ts over a file descriptor, and
// ends when that is closed.
import { Socket } from 'node:net';
import { LinkService } from './link-service.js';
import { LINK_PIPE_FD } from './port-order.js';

// A signal to the whole process group is for the master, which may need its workers for a while.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const pipe = new Socket({ fd: LINK_PIPE_FD });
pipe.resume();
// eslint-disable-next-line no-new
new LinkService(pipe, {
  closed: () => process.exit(),
  broken: (why) => {
    if (why !== undefined) process.stderr.write(`${why}\n`);
    // An ordinary end waits for messages that peers have not taken, and keeps the port meanwhile.
    process.kill(process.pid, 'SIGKILL');
  },
});
