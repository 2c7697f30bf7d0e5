import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A python3 that has grpcio (Debian: python3-grpcio), if there is one. */
export const PYTHON = ['python3', '/usr/bin/python3'].find(
  (python) => spawnSync(python, ['-c', 'import grpc'], { stdio: 'ignore' }).status === 0,
);

/** Starts the scripted server of grpcio on a free port of 127.0.0.1. */
export async function servePythonScripts(): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const file = fileURLToPath(new URL('scripted_grpc.py', import.meta.url));
  const child = spawn(PYTHON!, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [port] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown];
  return {
    origin: `http://127.0.0.1:${String(port).trim()}`,
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
