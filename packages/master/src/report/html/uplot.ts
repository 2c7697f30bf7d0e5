import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Markup, trusted } from './markup.js';

const require = createRequire(import.meta.url);

/** The chart library as it lies in node_modules, to be put into the page, so that the page needs no network. */
export function readUplot(): { script: Markup; style: Markup } {
  return {
    script: trusted(read('uplot/dist/uPlot.iife.min.js')),
    style: trusted(read('uplot/dist/uPlot.min.css')),
  };
}

function read(path: string): string {
  return readFileSync(require.resolve(path), 'utf8').trim();
}
