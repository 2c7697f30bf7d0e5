import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { LoadGenerator } from '../../harness/generator.js';
import { startCommand } from '../../harness/generators/start-command.js';
import type { GrpcAim } from '../bench.js';

const { version } = createRequire(import.meta.url)('@grpc/grpc-js/package.json') as { version: string };
const SCRIPT = fileURLToPath(new URL('../processes/grpc-js-loop.js', import.meta.url));

/** A bare loop over the library, which shows the cost of the library alone. */
export function grpcJsLoop(): LoadGenerator<GrpcAim> {
  return {
    name: 'grpc-js',
    version,
    can: () => true,
    start: (aim, cores) => startCommand('grpc-js', [process.execPath, SCRIPT, JSON.stringify(aim)], cores),
  };
}
