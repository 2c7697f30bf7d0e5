import type { Random } from '../random.js';
import { command, frame, greeting, part, ping, property, ready } from './bytes.js';

/** More than fits in the queues of a socket with a limit. */
const MOST_FRAMES = 2_000;

/**
 * What a peer sends after the greeting, by kind. With a token only the handshake can be attacked.
 */
const TALKS: Readonly<Record<string, (random: Random) => Buffer>> = {
  'READY with odd properties': (random) =>
    command('READY', Buffer.concat(Array.from({ length: random.below(6) }, () => oddProperty(random)))),
  'READY twice': (random) => Buffer.concat([readyOf(random), readyOf(random)]),
  'a message before READY': (random) => Buffer.concat([part(random.bytes(8), false), readyOf(random)]),
  'unknown commands': (random) =>
    Buffer.concat([
      readyOf(random),
      command(
        random.pick(['', 'X', 'ERROR', 'HELLO', 'INITIATE', 'MESSAGE', 'Y'.repeat(255)]),
        random.bytes(random.below(300)),
      ),
      command(random.pick(['SUBSCRIBE', 'CANCEL', 'JOIN', 'LEAVE', 'READY']), random.bytes(random.below(20))),
    ]),
  'commands that are too short or too long': (random) =>
    Buffer.concat([
      readyOf(random),
      frame(random.pick([Buffer.alloc(0), Buffer.of(4), Buffer.of(200, 80), Buffer.from('\x04PIN')]), 4),
      command(
        'PING',
        random.bytes(random.below(3)),
        random.pick([undefined, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]),
      ),
    ]),
  'PINGs, whose answers are not read': (random) =>
    Buffer.concat([
      readyOf(random),
      ...repeated(random, () => ping(random.below(3), random.bytes(random.below(40)))),
    ]),
  'unsolicited PONGs': (random) =>
    Buffer.concat([
      readyOf(random),
      ...repeated(random, () => command('PONG', random.bytes(random.below(40)))),
    ]),
  'messages with PINGs among them': (random) =>
    Buffer.concat([
      readyOf(random),
      ...repeated(random, (index) =>
        index % 20 === 19 ? ping(random.below(2)) : part(random.bytes(3), false),
      ),
    ]),
  'the name of another peer': (random) =>
    Buffer.concat([
      ready(Buffer.from(`shared-${random.below(4)}`)),
      ...repeated(random, (index) => (index % 20 === 19 ? ping(0) : part(random.bytes(3), false))),
    ]),
  'a name that is reserved, too long or empty': (random) =>
    Buffer.concat([
      ready(random.pick([Buffer.alloc(0), Buffer.alloc(5), random.bytes(255), random.bytes(300)])),
      part(random.bytes(3), false),
    ]),
  'a message that never ends': (random) =>
    Buffer.concat([readyOf(random), ...repeated(random, () => part(random.bytes(20), true))]),
  'frames with reserved flags': (random) =>
    Buffer.concat([readyOf(random), frame(random.bytes(3), random.below(256))]),
  'a frame of an enormous length': (random) =>
    Buffer.concat([
      readyOf(random),
      frame(
        random.bytes(100),
        random.below(2),
        random.pick([2n ** 25n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]),
      ),
    ]),
};

const GREETINGS: Readonly<Record<string, (random: Random) => Buffer>> = {
  'a greeting of random bytes': (random) => random.bytes(random.below(200)),
  'a greeting of another version': (random) =>
    random.pick([
      Buffer.of(1, 0),
      Buffer.concat([Buffer.of(9, 0), random.bytes(8), Buffer.of(3), random.bytes(3)]),
      greeting('NULL', [random.below(4), random.below(4)]),
      Buffer.concat([
        Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f]),
        Buffer.of(random.below(3)),
        random.bytes(20),
      ]),
    ]),
  'another mechanism': (random) =>
    Buffer.concat([
      greeting(random.pick(['NULL', 'PLAIN', 'CURVE', 'GSSAPI', 'null', '', '\xff'.repeat(20)])),
      command(random.pick(['HELLO', 'INITIATE', 'READY']), random.bytes(random.below(250))),
    ]),
  'HELLO of CURVE with random bytes': (random) =>
    Buffer.concat([
      greeting('CURVE'),
      command('HELLO', random.bytes(194)),
      command('INITIATE', random.bytes(248 + random.below(20))),
    ]),
};

/** Complete conversations of a peer, by kind. */
export const CONVERSATIONS: Readonly<Record<string, (random: Random) => Buffer>> = {
  ...GREETINGS,
  ...Object.fromEntries(
    Object.entries(TALKS).map(([kind, talk]) => [
      kind,
      (random: Random) => Buffer.concat([greeting('NULL', [3, random.below(2)]), talk(random)]),
    ]),
  ),
};

function readyOf(random: Random): Buffer {
  return ready(Buffer.from(random.bytes(8).toString('hex')));
}

function repeated(random: Random, make: (index: number) => Buffer): Buffer[] {
  return Array.from({ length: random.below(MOST_FRAMES) }, (_, index) => make(index));
}

function oddProperty(random: Random): Buffer {
  const name = random.pick(['Socket-Type', 'socket-type', 'Identity', 'Resource', '', 'X'.repeat(255)]);
  const value = random.pick([Buffer.from('DEALER'), Buffer.from('PUB'), Buffer.alloc(0), random.bytes(300)]);
  return property(name, value, random.pick([value.length, 0, value.length + 1, 2 ** 31, 2 ** 32 - 1]));
}
