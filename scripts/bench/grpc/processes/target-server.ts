// Gives every call the same prepared answer, one for each port, and counts the calls.
import { createServer, type AddressInfo } from 'node:net';
import { balancesReply, booking, prefixed } from '../messages.js';
import type { OwnDoor } from '../target.js';
import { AnsweringConnection } from './answering-connection.js';
import { cannedAnswer, type CannedAnswer } from './canned-answer.js';

/** The counts that it sends in reply to any message. */
export interface Served {
  readonly calls: number;
  readonly connections: number;
}

const STREAMED_MESSAGES = Number(process.argv[2]);

const ANSWERS: Readonly<Record<OwnDoor, CannedAnswer>> = {
  one: cannedAnswer([prefixed(balancesReply(1))]),
  thousand: cannedAnswer([prefixed(balancesReply(1_000))]),
  stream: cannedAnswer(Array.from({ length: STREAMED_MESSAGES }, () => prefixed(booking()))),
};

let calls = 0;
let connections = 0;

function open(answer: CannedAnswer): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    socket.on('close', () => (connections -= 1));
    new AnsweringConnection(socket, answer, () => (calls += 1)).start();
  });
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 8_192 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

const ports = Object.entries(ANSWERS).map(async ([door, answer]) => [door, await open(answer)] as const);
process.on('message', () => process.send!({ calls, connections } satisfies Served));
process.send!(Object.fromEntries(await Promise.all(ports)));
