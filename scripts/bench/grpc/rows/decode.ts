import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CountingTarget } from '../../harness/bench.js';
import type { LoadGenerator } from '../../harness/generator.js';
import { startCommand } from '../../harness/generators/start-command.js';
import { temporaryFolder } from '../../harness/launch.js';
import type { GrpcAim } from '../bench.js';

const SCRIPT = fileURLToPath(new URL('../processes/decode-loop.js', import.meta.url));

/** Decoding alone, as a generator whose requests are the decoded messages. */
export interface Decoder {
  readonly generator: LoadGenerator<GrpcAim>;
  /**
   * The target, if it counts decoded messages as answered. Only one of the two is active at a time.
   */
  readonly countOn: <T extends CountingTarget>(target: T) => T;
}

/** Decodes the target's answers with protobufjs. */
export function decoder(version: string): Decoder {
  const file = join(temporaryFolder(), 'decoded');
  const decoded = (): number =>
    existsSync(file) && readFileSync(file).length > 0 ? readFileSync(file).readDoubleLE(0) : 0;
  return {
    generator: {
      name: 'protobufjs',
      version,
      can: () => true,
      start: ({ accounts }, cores) =>
        startCommand('protobufjs', [process.execPath, SCRIPT, file, `${accounts}`], cores),
    },
    countOn: (target) => ({ ...target, requests: async () => (await target.requests()) + decoded() }),
  };
}
