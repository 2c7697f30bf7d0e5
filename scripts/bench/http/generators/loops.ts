import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { LoadGenerator } from '../../harness/generator.js';
import type { HttpAim } from '../bench.js';
import { startCommand } from '../../harness/generators/start-command.js';

const UNDICI = createRequire(import.meta.url)('undici/package.json') as { version: string };

/** Bare loops over one library each, which show the cost of the library alone. */
export function loopPeers(): LoadGenerator<HttpAim>[] {
  return [
    loop('engine', 'Drumline’s own', (aim) => aim.protocol !== 'h2' && !aim.fresh && !aim.requestsPerSecond),
    loop(
      'node-socket',
      `of Node ${process.versions.node}`,
      (aim) => aim.protocol !== 'h2' && !aim.fresh && !aim.requestsPerSecond,
    ),
    loop('undici', UNDICI.version, (aim) => aim.protocol !== 'h2' && !aim.fresh),
    loop('node-tls', `of Node ${process.versions.node}`, (aim) => aim.fresh !== undefined),
  ];
}

function loop(name: string, version: string, can: (aim: HttpAim) => boolean): LoadGenerator<HttpAim> {
  const script = fileURLToPath(new URL(`../processes/${name}-loop.js`, import.meta.url));
  return {
    name,
    version,
    can,
    start: (aim, cores) => startCommand(name, [process.execPath, script, JSON.stringify(aim)], cores),
  };
}
