// Reports are uploaded to a server of S3 that others have written, and logs are JSON.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { serveHttp } from '../contract/support/servers.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { freePort, isListening } from '../support/processes.js';
import { needing, pathOf } from '../support/programs.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

/** The server does not check signatures, but it keeps objects from requests without one. */
const SIGNED =
  'AWS4-HMAC-SHA256 Credential=key-of-the-test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';

async function startMoto(): Promise<string> {
  const port = await freePort();
  const server = spawn(pathOf('moto_server')!, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  cleanups.push(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
  await eventually(async () => ((await isListening(`tcp://127.0.0.1:${port}`)) ? true : undefined));
  return `http://127.0.0.1:${port}`;
}

needing('moto_server')('a bucket of S3', () => {
  test('gets the reports of a run whose log is JSON, and a missing bucket fails the command', async () => {
    const s3 = await startMoto();
    const target = await serveHttp((_, response) => void response.end('{}'));
    cleanups.push(() => target.close());
    expect((await fetch(`${s3}/reports`, { method: 'PUT' })).status).toBe(200);
    const env = {
      AWS_ACCESS_KEY_ID: 'key-of-the-test',
      AWS_SECRET_ACCESS_KEY: 'secret-of-the-test',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: s3,
    };
    const run = (bucket: string): Drumline => {
      const args = ['run', scenarioPath('quick'), '-H', target.origin, '--no-html', '--no-api'];
      return new Drumline([...args, '--log-format', 'json', '--upload', `s3://${bucket}/load`], env);
    };
    await using drumline = run('reports');
    const { code, output } = await drumline.ended;
    expect(code).toBe(0);
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { time: string; level: string; message: string; run: string });
    const { message, level, run: runId } = lines.at(-1)!;
    expect([message, level]).toEqual([`upload  s3://reports/load/${runId}/`, 'info']);
    for (const { time } of lines) expect(new Date(time).toISOString()).toBe(time);
    const stored = async (name: string): Promise<Response> =>
      await fetch(`${s3}/reports/load/${runId}/${name}`, { headers: { authorization: SIGNED } });
    const result = (await (await stored('result.json')).json()) as RunResult;
    expect([result.run.id, result.totals.requests]).toEqual([runId, target.requests]);
    expect(await (await stored('report.html')).text()).toContain(runId);
    expect((await stored('junit.xml')).headers.get('content-type')).toBe('application/xml');

    await using refused = run('nowhere');
    const { code: exitCode, output: printed } = await refused.ended;
    expect(exitCode).toBe(9);
    expect(printed).toContain('"level":"error"');
    expect(printed).toContain('was not uploaded to s3://nowhere/load: status 404 (NoSuchBucket)');
    expect(printed).not.toContain('secret-of-the-test');
  });
});
