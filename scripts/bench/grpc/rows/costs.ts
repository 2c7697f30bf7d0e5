import { createRequire } from 'node:module';
import { compare, type Comparing } from '../../harness/compare.js';
import { profile } from '../../harness/profile.js';
import type { GrpcAim, GrpcBench, GrpcRow, Group } from '../bench.js';
import { STREAMED_MESSAGES, type Door } from '../target.js';
import { decoder } from './decode.js';

interface CostRow extends Omit<Comparing<GrpcAim>, 'aim'> {
  readonly group: Group;
  readonly door: Door;
  readonly aim: Omit<GrpcAim, 'url'>;
  /** Changes the bench for this row. */
  readonly prepare?: (bench: GrpcBench) => GrpcBench;
}

const IN_FLIGHT = 50;
const protobufjs = createRequire(import.meta.url)('protobufjs/package.json') as { version: string };

/** The goals for the cost of a call, or of a message of a stream. */
export const COST_ROWS: readonly GrpcRow[] = [
  ...[1, 10].flatMap((connections) => {
    const row = {
      group: 'unary' as const,
      title: `unary, ${IN_FLIGHT} in flight, ${connections} channel${connections === 1 ? '' : 's'}`,
      aim: {
        connections,
        streams: IN_FLIGHT / connections,
        accounts: 1,
        scenario: `grpc/unary-${connections}`,
      },
    };
    return [
      costRow({
        ...row,
        door: 'nginx',
        goals: [
          { peer: 'h2load', as: 'ratio', atMost: 1.3 },
          { peer: 'grpc-js', as: 'ratio', atMost: 1 / 8 },
          { peer: 'ghz', as: 'ratio', atMost: 1 / 4 },
          { peer: 'locust', as: 'ratio', atMost: 1 / 10 },
        ],
      }),
      costRow({
        ...row,
        title: `${row.title}, answers in batches`,
        door: 'one',
        goals: [{ peer: 'h2load', as: 'ratio', atMost: 1.3 }],
      }),
    ];
  }),
  costRow({
    group: 'stream',
    title: `server streams of ${STREAMED_MESSAGES} messages, each message`,
    door: 'stream',
    aim: { connections: 1, streams: 10, accounts: 1, scenario: 'grpc/stream' },
    goals: [],
    pieces: STREAMED_MESSAGES,
    atMostUs: 3,
  }),
  costRow({
    group: 'thousand',
    title: '1,000 accounts a call, looked at',
    door: 'thousand',
    aim: { connections: 1, streams: 10, accounts: 1_000, scenario: 'grpc/thousand' },
    goals: [{ peer: 'protobufjs', as: 'ratio', atMost: 1.3 }],
    prepare: withDecoder,
  }),
];

function costRow({ group, door, aim, prepare = (bench) => bench, ...rest }: CostRow): GrpcRow {
  const at = ({ target }: GrpcBench): GrpcAim => ({ ...aim, url: target.urlOf(door) });
  return {
    group,
    title: rest.title,
    run: (bench) => compare({ ...rest, aim: at(bench) }, prepare(bench)),
    profile: (bench) => profile(bench, at(bench)),
  };
}

function withDecoder(bench: GrpcBench): GrpcBench {
  const { generator, countOn } = decoder(protobufjs.version);
  const peers = new Map([...bench.peers, [generator.name, generator]]);
  return { ...bench, target: countOn(bench.target), peers };
}
