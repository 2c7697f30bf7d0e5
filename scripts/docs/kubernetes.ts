import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chartFiles, kustomizeFiles } from '@drumline/kubernetes';

// Writes the Helm chart and the Kustomize bases: npm run k8s
const K8S = join(import.meta.dirname, '../../../k8s');
await rm(join(K8S, 'chart'), { recursive: true, force: true });
const chart = Object.entries(chartFiles()).map(([path, content]) => [`chart/${path}`, content] as const);
for (const [path, content] of [...chart, ...Object.entries(kustomizeFiles())]) {
  await mkdir(dirname(join(K8S, path)), { recursive: true });
  await writeFile(join(K8S, path), content);
}
