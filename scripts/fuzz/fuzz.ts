// Sends a million hostile frames to a master during its run. Exits with 1 if a promise of
// SECURITY.md is broken. Before that, peers violate ZMTP for a minute.
// npm run fuzz -- [--frames N] [--zmtp SECONDS] [--seed N] [--token]
import { parseArgs } from 'node:util';
import { describeRefusals } from '@drumline/model';
import { MasterKey } from '@drumline/wire/security';
import { describeMachine } from '../bench/support.js';
import { cleanUpAtExit } from '../bench/harness/launch.js';
import { attack } from './attack.js';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    zmtp: { type: 'string', default: '60' },
    seed: { type: 'string', default: `${Date.now() % 1e9}` },
    token: { type: 'boolean', default: false },
  },
});
cleanUpAtExit();
const [frames, seed] = [Number(values.frames), Number(values.seed)];
console.log(`${describeMachine()}\n${frames} frames, --seed ${seed}${values.token ? ', --token' : ''}`);
const outcome = await attack({
  frames,
  zmtpMs: Number(values.zmtp) * 1_000,
  seed,
  key: values.token ? MasterKey.generate() : null,
});

const rows = [
  ['thrown', ...Object.entries(outcome.thrown).map(([kind, count]) => `${count} ${kind}`)],
  ['refused', ...describeRefusals(outcome.refusals)],
  [
    'memory of the master and its children',
    `${megabytes(outcome.memory.before)} before, ${megabytes(outcome.memory.peak)} at most, ${megabytes(outcome.memory.after)} after`,
  ],
  ['its longest answer', `${Math.round(outcome.longestAnswerMs)} ms`],
  ['worker', `longest gap between heartbeats ${outcome.longestHeartbeatGapMs} ms`],
  ['requests', `${outcome.requestsReported} reported, ${outcome.requestsSeen} seen by the target`],
  ['worker port', outcome.interruptions.join(' ') || 'its process survived'],
  ['lines logged', `${outcome.linesSaid} in ${Math.round(outcome.lastedS)} s`],
];
for (const [name, ...texts] of rows) console.log(`\n${name}\n${texts.map((text) => `  ${text}`).join('\n')}`);
console.log(outcome.broken.length === 0 ? '\nNothing broke.' : `\nBroken:\n  ${outcome.broken.join('\n  ')}`);
process.exit(outcome.broken.length === 0 ? 0 : 1);

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
