import { readFileSync } from 'node:fs';

/** The version of this package, which is that of the image and of the chart. */
export function readVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
