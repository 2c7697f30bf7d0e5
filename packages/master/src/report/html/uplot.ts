import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Markup, trusted } from './markup.js';

const require = createRequire(import.meta.url);

/** Reads the chart library from node_modules. It is inlined, so the page needs no network. */
export function readUplot(): { script: Markup; style: Markup } {
  return {
    script: trusted(read('uplot/dist/uPlot.iife.min.js')),
    style: trusted(read('uplot/dist/uPlot.min.css')),
  };
}

function read(path: string): string {
  return readFileSync(require.resolve(path), 'utf8').trim();
}
