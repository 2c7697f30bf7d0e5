// A name server for one test, in a network of its own: every name has the address 127.0.0.1, and
// the IPv6 address that is given. It also accepts connections on port 80.
// Arguments: delay of each answer in ms; IPv6 address as 32 hex digits, or nothing; a file that is
// created when it is ready.
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

const [delayMs, ipv6, readyFile] = process.argv.slice(2);
const TYPES = { A: 1, AAAA: 28 };
const ADDRESSES = { [TYPES.A]: '7f000001', [TYPES.AAAA]: ipv6 };

const socket = createSocket('udp4');
socket.on('message', (query, peer) => {
  // The question: labels up to an empty one, type, class.
  const end = query.indexOf(0, 12) + 5;
  const type = query.readUInt16BE(end - 4);
  const address = Buffer.from(ADDRESSES[type] ?? '', 'hex');
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(address.length > 0 ? 1 : 0, 6);
  head.fill(0, 8, 12);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt16BE(address.length, 10);
  const answer = address.length > 0 ? [record, address] : [];
  const reply = Buffer.concat([head, query.subarray(12, end), ...answer]);
  setTimeout(() => socket.send(reply, peer.port, peer.address), Number(delayMs));
});
socket.bind(53, '127.0.0.1', () => {
  createServer((connection) => connection.on('error', () => {})).listen(80, '127.0.0.1', () =>
    writeFileSync(readyFile, ''),
  );
});
