import { describe, expect, test } from '@jest/globals';
import { errorOf } from '../../test/error-of.js';
import { runCli } from '../../test/run-cli.js';
import { COMMANDS } from './commands/index.js';
import { commandName } from './command.js';

describe('help', () => {
  test('is printed without arguments', async () => {
    const { exitCode, stdout, stderr } = await runCli([]);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const command of COMMANDS) {
      const [group, ...rest] = commandName(command).split(' ');
      expect(stdout).toContain(`drumline ${rest.length > 0 ? group : command.usage}`);
    }
  });

  test.concurrent.each(['run', 'users', 'grpc call'])(
    'of %s has a description and examples',
    async (name) => {
      const { exitCode, stdout } = await runCli([...name.split(' '), '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(
        COMMANDS.find((command) => commandName(command) === name)!.about.split(';')[0],
      );
      expect(stdout).toContain('Examples:');
    },
  );

  test('has examples for every command', () => {
    expect(COMMANDS.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });

  test('shows defaults', async () => {
    const { stdout } = await runCli(['master', '--help']);
    expect(stdout).toContain('[default: "3s"]');
    expect(stdout).toContain('[default: tcp://127.0.0.1:5557]');
    expect(stdout).toContain('[default: 127.0.0.1:8089]');
  });

  test('the version is the package’s', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
    expect((await runCli(['-v'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('is also a command', async () => {
    const { exitCode, stdout } = await runCli(['help', 'users']);
    expect([exitCode, stdout]).toEqual([0, (await runCli(['users', '--help'])).stdout]);
  });

  test('the exit codes are listed', async () => {
    const { stdout } = await runCli(['exit-codes', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ passed: { exitCode: 0 }, interrupted: { exitCode: 130 } });
  });
});

describe('an error in the arguments exits with code 2 and prints', () => {
  test('the problem and a hint, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await runCli(['statsu']);
    expect(stderr).toBe(
      "error: unknown command 'statsu'\nhint: Did you mean status? drumline --help lists all commands.\n",
    );
    expect([exitCode, stdout]).toEqual([2, '']);
  });

  test.each([
    ['statsu', "unknown command 'statsu'", 'Did you mean status?'],
    ['stats --jsno', 'drumline stats has no option --jsno', 'Did you mean --json?'],
    ['run --run-tme 5s', 'has no option --run-tme', 'Did you mean --run-time?'],
    ['run x.ts --no-htlm', 'has no option --no-htlm', 'Did you mean --no-html?'],
    ['run x.ts --resume', 'has no option --resume', 'It is an option of drumline master.'],
    ['users 5 7', "does not accept the argument '7'", 'drumline users --help'],
    ['users', '<count> is missing', 'drumline users --help'],
    ['users many', 'The number of users is not a number.', 'drumline users 200'],
    ['grpc', 'drumline grpc: a command is missing', 'drumline grpc list, drumline grpc call'],
    ['grpc foo', "unknown command 'grpc foo'", 'drumline grpc --help'],
    ['grpc lst', "unknown command 'grpc lst'", 'Did you mean grpc list?'],
    ['stats --api', '--api needs a value', 'drumline stats --help'],
    ['stats --api ::', "--api: '::' is not an address", 'HOST:PORT'],
    ['worker --master tcp://nowhere', "--master: 'tcp://nowhere' is not an address", 'tcp://127.0.0.1:5557'],
    ['serve --api-allow-origin *', "'*' would let any page in", 'https://platform.example'],
    [
      'serve --api-allow-origin https://x.example/',
      'did you mean https://x.example?',
      'as the browser sends it',
    ],
    ['run', 'no scenario is given, and this directory has no scenario.ts', 'drumline new'],
  ])('%s: %s', async (line, error, hint) => {
    const { message, hint: way, exitCode } = await errorOf(line.split(' '));
    expect(message).toContain(error);
    expect(way).toContain(hint);
    expect(exitCode).toBe(2);
  });

  test('the translated command for an option of another tool', async () => {
    const { hint } = await errorOf('run x.ts --vus 10'.split(' '));
    expect(hint!.split('\n')[1]).toMatch(/^ +The whole command: drumline run x\.ts -u 10$/);
  });

  test('every unknown option, with its counterpart', async () => {
    const { message, hint } = await errorOf('run --vus 10 --duration 30s --headless x.ts'.split(' '));
    expect(message.split('\n')).toEqual(
      ['--vus', '--duration', '--headless'].map((option) => `drumline run has no option ${option}`),
    );
    for (const text of ['-u (--users)', '-t (--run-time)', 'omit it']) expect(hint).toContain(text);
  });

  test.each([
    ['x.ts', "unknown command 'x.ts'", 'drumline run x.ts'],
    ['x.ts -u 5', "unknown command 'x.ts'", 'drumline run x.ts -u 5'],
    ['locustfile.py', 'a Python file', 'drumline new'],
    ['run x.ts -t 5', "'5' is not a duration: it has no unit; write 5s", ''],
    ['run x.ts -t 5min', "'5min' is not a duration: write 5m", ''],
    ['run --host http://a.example', 'has no option --host', '-H (--target)'],
    ['run -i 5', 'has no option -i', '-t 30s'],
    ['run -c 10 x.ts', 'has no option -c', '-u (--users)'],
    ['run --no-thresholds x.ts', 'has no option --no-thresholds', 'exceptions'],
  ])('%s: %s', async (line, error, hint) => {
    const { message, hint: way = '', exitCode } = await errorOf(line.split(' '));
    expect(message).toContain(error);
    expect(`${message} ${way}`).toContain(hint);
    expect(exitCode).toBe(2);
  });

  test.each([
    ['--users 0', '--users: must be a whole number of at least 1'],
    ['--users ten', '--users: must be a whole number of at least 1'],
    ['--users 1e300', '--users: must be a whole number of at least 1'],
    ['--max-series 1000000000', '--max-series: 1,000,000,000 is more than the maximum of 1,000,000'],
    ['--run-time 9999h', "--run-time: '9999h' is longer than the maximum of 720h"],
    ['--stop-timeout 9999h', "--stop-timeout: '9999h' is longer than the maximum of 576h"],
    ['--spawn-rate 1e999', '--spawn-rate: must be a number above 0'],
    ['--spawn-rate=-1', '--spawn-rate: must be a number above 0'],
    ['--run-time soon', "--run-time: 'soon' is not a duration: write, for example, 500ms"],
  ])('run scenario.ts %s: %s', async (flags, error) => {
    const { message, exitCode } = await errorOf(['run', 'scenario.ts', ...flags.split(' ')]);
    expect(message).toContain(error);
    expect(exitCode).toBe(2);
  });

  test('a stack with DRUMLINE_DEBUG=1', async () => {
    const { stderr } = await runCli(['users', 'x'], { env: { DRUMLINE_DEBUG: '1' } });
    expect(stderr).toContain('    at ');
  });
});
