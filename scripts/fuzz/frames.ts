import { encodeMessage, PROTOCOL_VERSION, type WorkerMessage } from '@drumline/wire';
import type { Random } from './random.js';
import { SAMPLE_FRAMES, WORKER_SAMPLES, type Message } from './samples.js';
import { withOddValue, withPoison } from './spoil.js';

/** The parts of one ZeroMQ message. */
type Parts = Buffer[];

/** The hostile frames, by kind. None of them counts requests of the run. */
export const FRAME_KINDS: Readonly<Record<string, (random: Random) => Parts>> = {
  'random bytes': (random) => [random.bytes(random.below(300))],
  'real message cut short': (random) => {
    const frame = random.pick(SAMPLE_FRAMES);
    return [frame.subarray(0, random.below(frame.length))];
  },
  'real message with bytes changed': (random) => {
    const frame = Buffer.from(random.pick(SAMPLE_FRAMES));
    for (let edits = 1 + random.below(4); edits > 0; edits -= 1) {
      frame[random.below(frame.length)] = random.below(256);
    }
    return [frame];
  },
  'value of another kind': (random) => [encoded(withOddValue(random, anyMessage(random)))],
  'key of a prototype': (random) => [encoded(withPoison(random, anyMessage(random)))],
  'declared length beyond the frame': (random) => {
    const head = Buffer.from([random.pick([0xc6, 0xc9, 0xdb, 0xdd, 0xdf]), 0xff, 0xff, 0xff, 0xff]);
    return [random.below(2) === 0 ? head : Buffer.concat([Buffer.of(0x81, 0xa1, 0x61), head])];
  },
  'deep nesting': (random) => [
    Buffer.alloc(1 + random.below(random.below(50) === 0 ? 50_000 : 500), random.pick([0x91, 0x81])),
  ],
  'lane or second that does not exist': (random) => [
    encoded(
      random.pick([
        { ...WORKER_SAMPLES['laneIncident'], lane: 1e9 },
        { ...WORKER_SAMPLES['drained'], killedLanes: [1e9, 2 ** 52] },
        beat([{ ...laneHealth(), lane: 1e9 }]),
        beat(Array.from({ length: 40 }, (_, lane) => ({ ...laneHealth(), lane }))),
      ]),
    ),
  ],
  'report of another run, with thousands of series': (random) => {
    const report = WORKER_SAMPLES['statsReport']!;
    const series = (report['keys'] as [number, Message | string][])[1]![1] as Message;
    const count = random.below(50) === 0 ? 2_000 : random.below(10);
    const keys = Array.from({ length: count }, (_, index) => [
      index,
      { ...series, name: `/${random.below(1e9)}/${index}` },
    ]);
    return [encoded({ ...report, seq: 1 + random.below(1e6), keys })];
  },
  'message in a state where it is meaningless': (random) => [
    encoded(
      WORKER_SAMPLES[random.pick(['prepared', 'phaseDone', 'drained', 'laneIncident', 'artifactRequest'])]!,
    ),
  ],
  heartbeat: () => [encoded(beat([{ ...laneHealth(), lane: 0 }]))],
  'hello again': (random) => [encoded(helloOf(`other-${random.below(1e6)}`, random))],
  'several parts': (random) => Array.from({ length: 2 + random.below(4) }, () => random.bytes(8)),
};

/** The first message from a peer that wants to join as a worker. */
export function helloOf(name: string, random: Random): Message {
  const protocol = PROTOCOL_VERSION;
  return {
    ...WORKER_SAMPLES['hello'],
    protocol,
    name,
    instance: name,
    lanes: random.below(50) === 0 ? 4_096 : 1,
  };
}

export function encoded(message: Message): Buffer {
  return encodeMessage(message as unknown as WorkerMessage);
}

/** After one of these messages, the master ignores the peer. */
const LAST_WORDS = ['goodbye', 'leaving'];

function anyMessage(random: Random): Message {
  const types = Object.keys(WORKER_SAMPLES);
  const said = random.below(20) === 0 ? types : types.filter((type) => !LAST_WORDS.includes(type));
  return WORKER_SAMPLES[random.pick(said)]!;
}

function beat(lanes: readonly Message[]): Message {
  return { ...WORKER_SAMPLES['heartbeat'], epoch: 0, lanes };
}

function laneHealth(): Message {
  return (WORKER_SAMPLES['heartbeat']!['lanes'] as [Message])[0];
}
