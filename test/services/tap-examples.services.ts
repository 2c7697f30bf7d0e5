// The web service of examples/taps: what it shows is what the target has counted.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { eventually, scenarioPath } from '../support/drumline.js';
import { freePort, isListening } from '../support/processes.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const hasFastApi = spawnSync('python3', ['-c', 'import fastapi, uvicorn']).status === 0;

(hasFastApi ? describe : describe.skip)(
  `FastAPI${hasFastApi ? '' : ' (skipped: no fastapi or uvicorn)'}`,
  () => {
    test('a web service starts a run, and shows its seconds and its totals', async () => {
      const target = await startTarget();
      const port = await freePort();
      const args = ['-m', 'uvicorn', '--app-dir', 'examples/taps', '--port', String(port), 'fastapi_app:app'];
      const env = {
        ...process.env,
        DRUMLINE: `${process.execPath} packages/drumline/bin/drumline.js`,
        DRUMLINE_STORE: 'false',
        SCENARIO: scenarioPath('quick'),
        OPTIONS: `-H ${target.url} -t 3s --no-api`,
      };
      const service = spawn('python3', args, { cwd: ROOT, env, stdio: 'ignore' });
      const ended = new Promise((resolve) => service.once('exit', resolve));
      try {
        await eventually(async () => ((await isListening(`tcp://127.0.0.1:${port}`)) ? true : undefined));
        const url = `http://127.0.0.1:${port}/runs`;
        const { id } = (await (await fetch(url, { method: 'POST' })).json()) as { id: string };
        const live = await (await fetch(`${url}/${id}/live`)).text();
        const { totals } = (await (await fetch(`${url}/${id}`)).json()) as { totals: { requests: number } };
        expect(totals.requests).toBe(target.count);
        const [end, ...seconds] = live.trimEnd().split('\n\n').reverse();
        expect(end).toMatch(/^event: end\ndata: \{"requests": ?\d+/);
        expect(seconds.length).toBeGreaterThanOrEqual(2);
        expect(seconds.every((event) => /^id: \d+\ndata: \{"type": "second"/.test(event))).toBe(true);
      } finally {
        service.kill('SIGTERM');
        await ended;
        await target.close();
      }
    });
  },
);
