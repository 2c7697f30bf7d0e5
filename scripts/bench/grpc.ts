// Compares the cost of a gRPC call in Drumline, h2load, @grpc/grpc-js, ghz and Locust. All run in
// the same minutes on the same machine.
// npm run bench:grpc; docs/performance.md describes the method.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { GROUPS } from './grpc/bench.js';
import { COMMANDS } from './grpc/generators/commands.js';
import { grpcJsLoop } from './grpc/generators/loops.js';
import { COST_ROWS } from './grpc/rows/costs.js';
import { MEMORY_ROW } from './grpc/rows/memory.js';
import { startTarget } from './grpc/target.js';
import { commandPeers, PEER_FOLDER } from './harness/generators/commands.js';
import { onPath } from './harness/launch.js';
import { runBench } from './harness/main.js';

const GHZ = 'github.com/bojand/ghz/cmd/ghz@v0.120.0';

await runBench({
  command: 'bench:grpc',
  groups: GROUPS,
  rows: [...COST_ROWS, MEMORY_ROW],
  peers: () => [...commandPeers(COMMANDS), grpcJsLoop()],
  startTarget,
  install: { words: 'build ghz into a temporary directory first, which needs Go', run: installPeers },
});

function installPeers(): void {
  const env = { ...process.env, GOBIN: join(PEER_FOLDER, 'bin') };
  const go = onPath('go');
  if (go === undefined) throw new Error('building ghz needs go, which is not in PATH');
  execFileSync(go, ['install', GHZ], { env, stdio: ['ignore', 'inherit', 'inherit'] });
}
