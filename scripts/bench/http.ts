// Compares the cost of a request in Drumline, wrk, h2load, Locust, autocannon and Node's own
// clients. All run in the same minutes on the same machine.
// npm run bench:http; docs/performance.md describes the method.
import { execFileSync } from 'node:child_process';
import { commandPeers, PEER_FOLDER } from './harness/generators/commands.js';
import { runBench } from './harness/main.js';
import { GROUPS } from './http/bench.js';
import { COMMANDS } from './http/generators/commands.js';
import { loopPeers } from './http/generators/loops.js';
import { startTarget } from './http/nginx.js';
import { COST_ROWS } from './http/rows/costs.js';
import { LANES_ROW } from './http/rows/lanes.js';
import { MEMORY_ROW } from './http/rows/memory.js';
import { TRUTH_ROW } from './http/rows/truth.js';

await runBench({
  command: 'bench:http',
  groups: GROUPS,
  rows: [...COST_ROWS, MEMORY_ROW, TRUTH_ROW, LANES_ROW],
  peers: () => [...commandPeers(COMMANDS), ...loopPeers()],
  startTarget,
  install: { words: 'install autocannon from npm into a temporary directory first', run: installPeers },
});

function installPeers(): void {
  const npm = ['install', '--no-audit', '--no-fund', '--prefix', PEER_FOLDER, 'autocannon'];
  execFileSync('npm', npm, { stdio: ['ignore', 'inherit', 'inherit'] });
}
