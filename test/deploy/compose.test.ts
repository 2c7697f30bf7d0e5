import { expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');

interface Service {
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: readonly string[];
}

const { services } = parse(await readFile(join(ROOT, 'docker/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<'master' | 'worker' | 'target', Service>;
};

test.each(Object.entries(services))(
  'the service %s has no capabilities and a read-only root file system',
  (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  },
);

test('the workers dial the port that the master binds, and ports are published only on this machine', () => {
  expect(services.master.command).toContain('--bind=tcp://0.0.0.0:5557');
  expect(services.worker.command).toContain('--master=tcp://master:5557');
  expect(Object.values(services).flatMap(({ ports = [] }) => ports)).toEqual([
    '127.0.0.1:${API_PORT:-8089}:8089',
  ]);
});

test('the service that stays listens where the master does, and keeps its queue in the volume', async () => {
  const added = parse(await readFile(join(ROOT, 'docker/compose.serve.yaml'), 'utf8')) as {
    services: Record<'master' | 'worker', Service>;
  };
  const { command = [] } = added.services.master;
  expect(command[0]).toBe('serve');
  expect(services.master.command).toEqual(expect.arrayContaining(command.slice(1)));
  expect(command).toContain('--data-dir=/results/.drumline');
  expect(Object.keys(added.services)).toEqual(['master', 'worker']);
});

test('the master has the key, the workers have only the token, and neither has a default', () => {
  const credentials = ({ environment = [] }: Service): string[] =>
    environment.filter((variable) => /KEY|TOKEN/.test(variable)).map((variable) => variable.split('?')[0]!);
  expect(credentials(services.master)).toEqual(['DRUMLINE_KEY=${DRUMLINE_KEY:']);
  expect(credentials(services.worker)).toEqual(['DRUMLINE_TOKEN=${DRUMLINE_TOKEN:']);
  expect(credentials(services.target)).toEqual([]);
});

test('the default scenario of Compose is one of the examples', async () => {
  const [, scenario] = /:-(.*?)}$/.exec(services.master.command![1]!)!;
  expect(await readdir(join(ROOT, 'examples'))).toContain(scenario);
});

test('the Dockerfile works with any builder and ends with the image that does not run as root', async () => {
  const dockerfile = await readFile(join(ROOT, 'docker/Dockerfile'), 'utf8');
  expect(dockerfile).not.toMatch(/^# syntax=|--mount=|--chmod/m);
  expect(dockerfile.match(/^FROM .*/gm)!.at(-1)).toBe('FROM runtime AS drumline');
  expect(dockerfile.match(/^USER .*/gm)).toEqual(['USER 1000:1000']);
});
