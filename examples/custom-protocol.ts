// A protocol that Drumline does not support: `measure` times and counts any promise. Each user
// keeps one TCP connection and sends a question on it. Replace it with the client of your database,
// queue or device.
//
//   npx drumline run examples/custom-protocol.ts
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { constant, scenario, startWith, user } from 'drumline';

const SERVER = { host: '127.0.0.1', port: 8000 };

async function open(): Promise<Socket> {
  const socket = connect(SERVER);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: shop\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

const asker = user('asker', () => ({ socket: undefined as Socket | undefined }), {
  wait: constant('100ms'),
  async onStart({ measure, state }) {
    state.socket = await measure({ protocol: 'tcp', method: 'CONNECT', name: 'shop' }, open);
  },
  onStop: ({ state }) => state.socket?.end(),
  tasks: {
    ask: async ({ measure, state }) => {
      // An exception in this function counts as a failure, with its message.
      await measure({ protocol: 'tcp', method: 'ASK', name: 'shop', tags: { kind: 'root' } }, async () => {
        const answer = await ask(state.socket!, '/');
        if (!answer.includes('200 OK')) throw new Error(answer.split('\r\n')[0]);
      });
    },
  },
});

export default scenario({ users: [asker], load: startWith(5).hold('5s') });
