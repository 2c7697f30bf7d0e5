import { isDeepStrictEqual } from 'node:util';
import { StatusCode } from '@drumline/drivers/grpc';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differentialBench, type Scene, type View } from './grpc-differential/bench.js';
import { anyMessages, anyMetadata, anyScript } from './support/generated-scripts.js';
import { PYTHON, servePythonScripts } from './support/python-grpc.js';
import { serveScripts } from './support/scripted-grpc.js';

/**
 * Intended differences between the engines, and why. Faults that grpc-js does not detect are in
 * `grpc-engine/unruly-servers.ts`.
 */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'metadata with outer spaces': 'RFC 9113 §8.2.1 forbids the spaces; node:http2 drops the metadata',
  'a repeated name': 'values stay separate; node:http2, which grpc-js uses, joins them',
};
/** The same, for responses that only gRPC's C core sends. */
const C_CORE_DIFFERENCES: Readonly<Record<string, string>> = {
  ...DIFFERENCES,
  'a status message with outer spaces': 'the spaces are part of the message; node:http2 removes them',
};

const TWICE = [
  ['x-a', 'b'],
  ['x-a', 'c'],
] as const;

const LISTED: readonly Scene[] = [
  { name: 'nothing' },
  { name: 'an unknown method', path: '/test.Scripted/Other' },
  { name: 'an unknown service', path: '/test.Other/Play' },
  { name: 'a status without a message', status: 5 },
  { name: 'a status message with a percent sign', status: 9, details: '100 % of it, and %41 more' },
  { name: 'a status message with line breaks', status: 9, details: 'one\r\ntwo' },
  { name: 'a status message outside ASCII', status: 9, details: 'Größe, 大きさ, 🥁' },
  { name: 'a status message with outer spaces', status: 9, details: ' words ' },
  { name: 'metadata with outer spaces', trailers: [['x-a', ' b ']] },
  { name: 'a repeated name', initial: TWICE, trailers: TWICE, messages: [1] },
  {
    name: 'repeated binary metadata',
    trailers: [
      ['x-a-bin', 'AQID'],
      ['x-a-bin', 'BAUGBw'],
    ],
  },
  { name: 'empty binary metadata', initial: [['x-a-bin', '']], messages: [1] },
  { name: 'metadata with commas and spaces', trailers: [['x-a', 'b, c;  d="e"']] },
  { name: 'empty metadata', trailers: [['x-a', '']] },
  { name: 'metadata of 6 KB', trailers: [['x-a', 'y'.repeat(6_000)]] },
  {
    name: 'metadata of the call',
    mirror: true,
    metadata: [
      ['x-a', 'b'],
      ['x-b-bin', 'AQI'],
      ['x-a', 'c'],
    ],
  },
  { name: 'empty messages', messages: [0, 0, 0], echo: true, sent: [Buffer.alloc(0), Buffer.alloc(0)] },
  { name: 'a thousand messages', messages: Array<number>(1_000).fill(10) },
  { name: 'messages and a bad status', messages: [3, 4], status: 10, details: 'enough' },
  { name: 'a message of the maximum length', messages: [100_000] },
  { name: 'a message one byte longer', messages: [100_001] },
  { name: 'a good message before one that is too long', messages: [5, 100_001], initial: [['x-a', 'b']] },
  { name: 'an echoed message', echo: true, sent: [Buffer.alloc(100_000, 'e')] },
];

describe('the native engine and grpc-js', () => {
  const bench = differentialBench();

  describe.each([
    ['grpc-js', true, serveScripts, DIFFERENCES],
    [
      "gRPC's C core (needs a python3 with grpcio)",
      PYTHON !== undefined,
      servePythonScripts,
      C_CORE_DIFFERENCES,
    ],
  ])('with a server of %s', (_, there, serve, differences) => {
    (there ? test : test.skip).each([undefined, 'gzip'] as const)(
      'have equal results for listed calls, except for intended differences; compression: %s',
      async (compression) => {
        const { origin } = await bench.closing<{ origin: string; close(): unknown }>(serve());
        const scenes = LISTED.map((scene) => ({ ...scene, gzip: compression !== undefined }));
        const options = { origin, maxReceiveBytes: 100_000, ...(compression && { compression }) };
        const differing = (await bench.watch(scenes, options)).filter(differ);
        expect(differing.filter(({ name }) => !(name in differences))).toEqual([]);
        expect(differing.map(({ name }) => name).sort()).toEqual(Object.keys(differences).sort());
      },
    );

    (there ? test : test.skip)('have equal results for a call that exceeds its deadline', async () => {
      const { origin } = await bench.closing<{ origin: string; close(): unknown }>(serve());
      const scene: Scene = { name: 'no end', open: true, messages: [3], deadlineMs: 1_000 };
      const [view] = await bench.watch([scene], { origin });
      // The message depends on which side notices the deadline first.
      for (const { status, messages } of [view!.native, view!.grpcJs])
        expect({ status, messages }).toEqual({ status: StatusCode.DEADLINE_EXCEEDED, messages: ['mmm'] });
    });

    (there ? test : test.skip)('have equal results for any call', async () => {
      const { origin } = await bench.closing<{ origin: string; close(): unknown }>(serve());
      const call = fc.record({ script: anyScript, metadata: anyMetadata, sent: anyMessages });
      await fc.assert(
        fc.asyncProperty(
          fc.array(call, { minLength: 1, maxLength: 15 }),
          fc.boolean(),
          async (calls, compress) => {
            const scenes = calls.map(({ script, ...more }, i) => ({ name: `call ${i}`, ...script, ...more }));
            const views = await bench.watch(scenes, { origin, ...(compress && { compression: 'gzip' }) });
            expect(views.filter(differ)).toEqual([]);
          },
        ),
        { numRuns: 10 },
      );
    });
  });
});

/** When an error status arrives, grpc-js drops messages that it has not delivered yet. */
function differ({ native, grpcJs }: View): boolean {
  const messages = native.status === 0 ? native.messages : native.messages.slice(0, grpcJs.messages.length);
  return !isDeepStrictEqual({ ...native, messages }, grpcJs);
}
