import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { errorOf } from '../../test/error-of.js';
import { runCli, temporaryDirectory } from '../../test/run-cli.js';
import { scenarioPath } from '../../../../test/support/drumline.js';

const scenario = scenarioPath('quick');

/** Nothing listens on port 1, so the error message has the chosen address. */
async function askStatus(cwd: string, flags: string[] = [], env: Record<string, string> = {}) {
  return (await errorOf(['status', ...flags], { cwd, env })).message;
}

describe('settings', () => {
  test('flags override the environment, and the environment overrides the file', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('drumline.config.json'), '{ "api": "file.invalid:1000" }');
    const env = { DRUMLINE_API: 'environment.invalid:1000' };
    expect(await askStatus(directory.path, ['--api', 'flag.invalid:1000'], env)).toContain(
      'http://flag.invalid',
    );
    expect(await askStatus(directory.path, [], env)).toContain('http://environment.invalid');
    expect(await askStatus(directory.path)).toContain('http://file.invalid');
  });

  test('are read from the file that --config names', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('other.json'), '{ "api": "other.invalid:1000" }');
    expect(await askStatus(directory.path, ['--config', 'other.json'])).toContain('http://other.invalid');
    expect(await askStatus(directory.path, ['--config=other.json'])).toContain('http://other.invalid');
    expect(await askStatus(directory.path, [], { DRUMLINE_CONFIG: 'other.json' })).toContain(
      'http://other.invalid',
    );
  });

  test('of other commands are ignored, as are variables that are not options', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(
      directory.at('drumline.config.json'),
      '{ "users": 10, "runTime": "5s", "json": "result.json" }',
    );
    const env = {
      DRUMLINE_MASTER_PORT: 'tcp://10.0.0.1:5557',
      DRUMLINE_SPAWN_RATE: 'x',
      DRUMLINE_API: 'nobody.invalid:1000',
    };
    expect(await askStatus(directory.path, [], env)).toContain('http://nobody.invalid');
  });

  test('a credential in the environment is not an option of the same name', async () => {
    const args = ['grpc', 'list', 'http://127.0.0.1:9', '--deadline', '2s'];
    const { message } = await errorOf(args, { env: { DRUMLINE_KEY: 'drumline-key-1.x' } });
    expect(message).toContain('reading the services by reflection failed');
  });

  test.each([
    [['workers', '--api', 'nobody.invalid:1000'], { DRUMLINE_LANES: '4', DRUMLINE_JSON: 'result.json' }],
    [['status'], { DRUMLINE_API: 'false', DRUMLINE_JSON: '-' }],
    [['run', 'absent.ts'], { DRUMLINE_LANES: 'true', DRUMLINE_JSON: 'true', DRUMLINE_ENV: 'true' }],
    [['token', '--out-dir', '/dev/null/none'], { DRUMLINE_ENV: 'STAGE=test' }],
    [['report', 'absent'], { DRUMLINE_HTML: 'false', DRUMLINE_JSON: 'false' }],
  ])('%j ignores values that only fit an option of another command: %j', async (args, env) => {
    await using directory = await temporaryDirectory();
    const { exitCode, message } = await errorOf(args, { cwd: directory.path });
    expect(await errorOf(args, { cwd: directory.path, env })).toMatchObject({ exitCode, message });
    const file = Object.entries(env).map(([name, value]) => [
      name.slice('DRUMLINE_'.length).toLowerCase(),
      value,
    ]);
    await writeFile(directory.at('drumline.config.json'), JSON.stringify(Object.fromEntries(file)));
    expect(await errorOf(args, { cwd: directory.path })).toMatchObject({ exitCode, message });
  });

  test('with reports are shared by commands that write them and commands that do not', async () => {
    await using directory = await temporaryDirectory();
    const settings = { json: 'none/result.json', html: 'none/report.html', 'expect-workers': 2, scenario };
    await writeFile(directory.at('drumline.config.json'), JSON.stringify(settings));
    const failed = async (...args: readonly string[]) => (await runCli(args, { cwd: directory.path })).stderr;
    expect(await failed('submit', '--api', '127.0.0.1:9')).toContain('drumline serve');
    expect(await failed('serve', '--bind', 'tcp://192.0.2.1:5557', '--insecure')).toContain('192.0.2.1');
    // Nothing is ignored that is on the command line, or that the command can do.
    expect(await failed('submit', '--json', 'result.json')).toContain('--json: the report is written by');
    expect(await failed('serve', '--expect-workers', '2')).toContain('Add --once.');
    expect(await failed('submit', '--watch')).toContain('none does not exist');
    expect(await failed('serve', '--once')).toContain('none does not exist');
  });

  test('warns about misspelled variables, but not about those of other programs', async () => {
    const env = {
      DRUMLINE_RUNTIME: '5s',
      DRUMLINE_USRES: '5',
      DRUMLINE_DURATION: '5s',
      DRUMLINE_MASTER_PORT_5557_TCP: 'tcp://10.0.0.1:5557',
      DRUMLINE_MASTER_SERVICE_HOST: '10.0.0.1',
      DRUMLINE_SOMETHING_ELSE: 'x',
    };
    const { stderr } = await runCli(['status', '--api', '127.0.0.1:9'], { env });
    expect(stderr.split('\n').filter((line) => line.startsWith('warning'))).toEqual([
      'warning: DRUMLINE_RUNTIME is not an option: did you mean DRUMLINE_RUN_TIME?',
      'warning: DRUMLINE_USRES is not an option: did you mean DRUMLINE_USERS?',
      expect.stringMatching(/^warning: DRUMLINE_DURATION is not an option: the length of a run is -t/),
    ]);
  });

  test.each([
    ['{ "run-tme": "5s" }', 'drumline.config.json: there is no option "run-tme"', 'Did you mean "run-time"?'],
    ['{ "runTime": "5 parsecs" }', 'drumline.config.json: "runTime": \'5 parsecs\' is not a duration', ''],
    ['{ "quiet": "perhaps" }', 'drumline.config.json: "quiet" must be true or false', ''],
    ['{ "csv": true }', 'drumline.config.json: "csv" must be a string', ''],
    ['{ "tags": [{}] }', 'drumline.config.json: "tags" must be a string or a list of strings', ''],
    ['{ "target": "shop.example" }', '"target": \'shop.example\' is not an http', 'https://shop.example'],
    ['{ "run-time": 0 }', "'0' is not a duration", ''],
    ['{ "run-time": "0s" }', '"run-time": must be longer than 0', ''],
    ['{ "users": 3,', 'drumline.config.json is not valid JSON', ''],
    ['[]', 'drumline.config.json must contain one object', ''],
  ])('the file %s is rejected: %s', async (content, error, hint) => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('drumline.config.json'), content);
    const {
      exitCode,
      message,
      hint: way = '',
    } = await errorOf(['run', 'scenario.ts'], {
      cwd: directory.path,
    });
    expect(message).toContain(error);
    expect(`${message} ${way}`).toContain(hint);
    expect(exitCode).toBe(2);
  });

  test('an error in a value names the variable', async () => {
    const { exitCode, message } = await errorOf(['run', 'x.ts'], { env: { DRUMLINE_USERS: 'many' } });
    expect(message).toContain('DRUMLINE_USERS: must be a whole number of at least 1');
    expect(exitCode).toBe(2);
  });

  test('can name the scenario', async () => {
    const { exitCode, message } = await errorOf(['run'], { env: { DRUMLINE_SCENARIO: 'absent.ts' } });
    expect(message).toContain('absent.ts does not exist');
    expect(exitCode).toBe(3);
  });
});
