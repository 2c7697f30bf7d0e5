// Entry point of the link process, a child of the master that holds its ZeroMQ socket. An abort in
// libzmq does not end the master. The process exchanges records with the master over a file
// descriptor, and ends when that is closed.
import { Socket } from 'node:net';
import { LinkService } from './link-service.js';
import { LINK_PIPE_FD } from './port-order.js';

// Signals to the process group are for the master, which still needs its workers to shut down.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const pipe = new Socket({ fd: LINK_PIPE_FD });
pipe.resume();
// eslint-disable-next-line no-new
new LinkService(pipe, {
  closed: () => process.exit(),
  broken: (why) => {
    if (why !== undefined) process.stderr.write(`${why}\n`);
    // `process.exit` would wait for unsent messages, and keep the port until then.
    process.kill(process.pid, 'SIGKILL');
  },
});
