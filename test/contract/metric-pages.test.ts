// The pages on Prometheus and OpenTelemetry have every metric and option that exists, and no other.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { INSTRUMENTS } from '../../packages/outputs/dist/otlp/measured.js';
import { METRICS } from '../../packages/outputs/dist/prometheus/metrics.js';

/** The rows of the tables of a page whose first cell is code: their cells, without code marks. */
function rowsOf(page: string): string[][] {
  return readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('`', '').trim()),
    );
}

const SERIES = ['protocol', 'method', 'name', 'user'];

test('the page on Prometheus lists the metrics with their types and labels', () => {
  const listed = rowsOf('outputs-prometheus.md').filter(([name]) => name!.startsWith('drumline_'));
  const expected = METRICS.map(({ name, type, help, labels, hasTags }) => {
    const isOfSeries = SERIES.every((label) => labels.includes(label));
    const own = isOfSeries
      ? ['those of requests', ...labels.slice(SERIES.length)]
      : [...labels, ...(hasTags ? ['tags'] : [])];
    return [name, type, help.replace(/\.$/, ''), own.join(', ')];
  });
  expect(listed).toEqual(expected);
});

test('the page on OpenTelemetry lists the metrics with their kinds and units', () => {
  const listed = rowsOf('outputs-otlp.md').filter(([, kind]) =>
    ['sum', 'gauge', 'histogram'].includes(kind!),
  );
  const expected = Object.values(INSTRUMENTS).map(({ name, kind, unit, description }) => [
    name,
    kind,
    unit,
    description.replace(/\.$/, ''),
  ]);
  expect(listed).toEqual(expected);
});
