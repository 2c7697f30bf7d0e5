import { readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { MasterKey } from '@drumline/wire/security';
import { runCli, temporaryDirectory } from '../../../test/run-cli.js';

const FILES = [
  'drumline.api-run-token',
  'drumline.api-token',
  'drumline.api-view-token',
  'drumline.key',
  'drumline.token',
];

describe('drumline token', () => {
  test('writes a key and its tokens, readable only by their owner, and prints where each is used', async () => {
    await using directory = await temporaryDirectory();
    const { exitCode, stdout, stderr } = await runCli(['token', '--out-dir', 'secrets'], {
      cwd: directory.path,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect((await readdir(directory.at('secrets'))).toSorted()).toEqual(FILES);
    for (const file of FILES) expect((await stat(directory.at(`secrets/${file}`))).mode & 0o777).toBe(0o600);

    const [run, api, view, key, token] = await readAll(directory.at('secrets'));
    const parsed = MasterKey.parse(key!, '');
    expect(token).toBe(`${parsed.workerToken.text}\n`);
    const { apiTokens } = parsed;
    expect([view, run, api]).toEqual(
      [apiTokens.view, apiTokens.run, apiTokens.admin].map(({ text }) => `${text}\n`),
    );
    expect(new Set([view, run, api]).size).toBe(3);
    expect(stdout).toContain('--key-file secrets/drumline.key');
    expect(stdout).toContain('--token-file secrets/drumline.token');
    expect(stdout).toContain('--api-token-file secrets/drumline.api-token');
    for (const secret of [view, run, api, key, token])
      expect(stdout).not.toContain(secret!.trim().slice(-30));
  });

  test('does not overwrite existing files, and replaces them with --force', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('precious'), 'precious', { mode: 0o644 });
    await symlink(directory.at('precious'), directory.at('drumline.token'));
    const refused = await runCli(['token'], { cwd: directory.path });
    expect(refused).toMatchObject({
      exitCode: 9,
      stderr: expect.stringContaining('already has drumline.token'),
    });
    expect(refused.stderr).toContain('--force');
    expect(await readdir(directory.path)).toEqual(['drumline.token', 'precious']);

    expect(await runCli(['token', '--force'], { cwd: directory.path })).toMatchObject({ exitCode: 0 });
    expect((await readdir(directory.path)).toSorted()).toEqual([...FILES, 'precious'].toSorted());
    expect(await readFile(directory.at('precious'), 'utf8')).toBe('precious');
    expect((await stat(directory.at('drumline.token'))).mode & 0o777).toBe(0o600);

    const before = await readAll(directory.path);
    expect(await runCli(['token', '--force'], { cwd: directory.path })).toMatchObject({ exitCode: 0 });
    expect(await readAll(directory.path)).not.toEqual(before);
  });

  test('prints environment variables with --env', async () => {
    await using directory = await temporaryDirectory();
    const { exitCode, stdout } = await runCli(['token', '--env'], { cwd: directory.path });
    expect(exitCode).toBe(0);
    const variables = Object.fromEntries(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('=')),
    );
    const { workerToken, apiToken } = MasterKey.parse(variables['DRUMLINE_KEY']!, '');
    expect(variables).toEqual({
      DRUMLINE_KEY: expect.anything(),
      DRUMLINE_TOKEN: workerToken.text,
      DRUMLINE_API_TOKEN: apiToken.text,
    });
    expect(await readdir(directory.path)).toEqual([]);
  });

  test('reports a directory that is not writable', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('file'), '');
    const { exitCode, stderr } = await runCli(['token', '--out-dir', 'file/x'], { cwd: directory.path });
    expect(exitCode).toBe(9);
    expect(stderr).toContain('the files cannot be written');
  });
});

async function readAll(directory: string): Promise<string[]> {
  return await Promise.all(FILES.map((file) => readFile(`${directory}/${file}`, 'utf8')));
}
