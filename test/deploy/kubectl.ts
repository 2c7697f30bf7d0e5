import { execFile } from 'node:child_process';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The reason why nothing can be tried in a cluster; undefined if it can. */
export async function whyNoCluster(): Promise<string | undefined> {
  if (!process.env['KUBECONFIG']) return 'KUBECONFIG is not set';
  const { exitCode, stderr } = await attempt(['get', 'nodes', '--request-timeout=10s']);
  return exitCode === 0 ? undefined : stderr.trim().split('\n').at(-1);
}

/** Runs `kubectl`; fails unless it exits with 0. */
export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const { exitCode, stdout, stderr } = await attempt(args, input);
  if (exitCode === 0) return stdout.trim();
  throw new Error(
    `kubectl ${args.join(' ')} ended with ${exitCode}:\n${`${stdout}\n${stderr}`.slice(-4_000)}`,
  );
}

/** Runs `kubectl` whatever its outcome. */
export function attempt(args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile('kubectl', args, { maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, stderr: stderr || (error?.message ?? '') });
    });
    child.stdin!.end(input);
  });
}
