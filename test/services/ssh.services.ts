// examples/ssh/run.sh with a real SSH server on this machine: the workers are "other machines".
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { serveHttp, type TestServer } from '../contract/support/servers.js';
import { eventually, scenarioPath } from '../support/drumline.js';
import { freePort, isListening } from '../support/processes.js';
import { needing, pathOf } from '../support/programs.js';

const SCRIPT = fileURLToPath(new URL('../../examples/ssh/run.sh', import.meta.url));
const BIN = fileURLToPath(new URL('../../packages/drumline/bin/drumline.js', import.meta.url));
const PROGRAM = `${process.execPath} ${BIN}`;

needing('sshd')('examples/ssh/run.sh', () => {
  let directory: string;
  let server: ChildProcess;
  let target: TestServer;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drumline-ssh-'));
    const at = (name: string): string => join(directory, name);
    for (const key of ['host', 'user'])
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
    spawnSync('cp', [at('user.pub'), at('authorized')]);
    // Where the server of Debian separates its privileges.
    if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true });
    const port = await freePort();
    const config = [
      `HostKey ${at('host')}`,
      `AuthorizedKeysFile ${at('authorized')}`,
      `PidFile ${at('pid')}`,
      'StrictModes no',
      'UsePAM no',
    ];
    await writeFile(at('sshd.conf'), `${config.join('\n')}\n`);
    const options = ['-D', '-e', '-f', at('sshd.conf'), '-o', 'ListenAddress=127.0.0.1', '-p', String(port)];
    server = spawn(pathOf('sshd')!, options, { stdio: 'ignore' });
    const client = [
      'Host load1 load2',
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      `  User ${userInfo().username}`,
      `  IdentityFile ${at('user')}`,
      '  StrictHostKeyChecking no',
      `  UserKnownHostsFile ${at('known')}`,
      '  LogLevel ERROR',
    ];
    await writeFile(at('ssh.conf'), `${client.join('\n')}\n`);
    await chmod(at('ssh.conf'), 0o600);
    await eventually(async () => ((await isListening(`tcp://127.0.0.1:${port}`)) ? true : undefined), 20_000);
    target = await serveHttp((_, response) => void response.end('{}'));
  });
  afterAll(async () => {
    server.kill();
    await once(server, 'exit');
    await target.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Starts the script; `ended` has its exit code. */
  function started(args: readonly string[], env: NodeJS.ProcessEnv) {
    const child = spawn('bash', [SCRIPT, ...args], {
      cwd: directory,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        DRUMLINE: PROGRAM,
        REMOTE_DRUMLINE: PROGRAM,
        SSH: `ssh -F ${join(directory, 'ssh.conf')}`,
        DRUMLINE_STORE: 'false',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }));
    return { child, ended };
  }

  /** Processes of workers that the script has started. */
  async function workers(): Promise<string> {
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      `ps ax -o args | grep '[d]rumline.js worker.*load[12]-' || true`,
    ]);
    return stdout;
  }

  test('runs a scenario with a worker on each host, and leaves nothing behind', async () => {
    const args = [
      scenarioPath('quick'),
      '-H',
      target.origin,
      '--json',
      'result.json',
      '--no-html',
      '--no-api',
    ];
    const { code, output } = await started(args, { HOSTS: 'load1 load2', WORKER_OPTIONS: '--lanes 1' }).ended;
    if (code !== 0) throw new Error(output);
    expect(output).toContain('[load1] ');
    const { stdout } = await promisify(execFile)('cat', [join(directory, 'result.json')]);
    const { totals, workers: seen } = JSON.parse(stdout) as RunResult;
    expect(totals.requests).toBe(target.requests);
    expect(seen.map(({ id }) => id).sort()).toEqual(['load1-0', 'load2-1']);
    expect(await workers()).toBe('');
  });

  test('reports every host without the program, before anything is started', async () => {
    const { code, output } = await started([scenarioPath('quick')], {
      HOSTS: 'load1 load2',
      REMOTE_DRUMLINE: 'no-such-drumline',
    }).ended;
    expect(code).toBe(2);
    for (const host of ['load1', 'load2']) expect(output).toContain(`error: ${host}: drumline `);
    expect(await workers()).toBe('');
  });
});
