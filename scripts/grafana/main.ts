/** Writes grafana/*.json. Run it after a dashboard, a metric or a column changes. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { DASHBOARDS } from './dashboards.js';

for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
  const path = fileURLToPath(new URL(`../../../grafana/${name}.json`, import.meta.url));
  const style = await resolveConfig(path);
  await writeFile(path, await format(JSON.stringify(dashboard), { ...style, parser: 'json' }));
  console.log(`wrote grafana/${name}.json`);
}
