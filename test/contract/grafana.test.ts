import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { METRICS, type Metric } from '@drumline/outputs';
import { DASHBOARDS } from '../../scripts/dist/grafana/dashboards.js';
import { TABLES } from '@drumline/output-postgres';
import { namedInSql, panelsOf, promqlQueriesOf, sqlQueriesOf } from '../support/grafana.js';
import { namedInPromql } from '../support/promql.js';

const prometheus = DASHBOARDS['drumline-prometheus']!;

const metrics = new Map<string, Metric>(METRICS.map((metric) => [metric.name, metric]));

/** The metric of a name, which may be that of a part of a histogram. */
function metricOf(name: string): Metric | undefined {
  const histogram = metrics.get(name.replace(/_(bucket|sum|count)$/, ''));
  return metrics.get(name) ?? (histogram?.type === 'histogram' ? histogram : undefined);
}

function labelsOf(name: string): string[] {
  const { labels = [] } = metricOf(name) ?? {};
  return ['run', 'scenario', ...labels, ...(name.endsWith('_bucket') ? ['le'] : [])];
}

describe.each(Object.entries(DASHBOARDS))('the dashboard %s', (name, dashboard) => {
  test('is up to date: run `npm run grafana` after a change', async () => {
    const path = new URL(`../../grafana/${name}.json`, import.meta.url);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(dashboard)));
  });

  test('has panels with a number, a place and queries of their own', () => {
    const panels = panelsOf(dashboard);
    expect(panels.length).toBeGreaterThan(10);
    const ids = (dashboard.panels ?? []).flatMap((panel) =>
      'panels' in panel ? [panel.id, ...panel.panels.map(({ id }) => id)] : [panel.id],
    );
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const { title, gridPos, targets = [], datasource } of panels) {
      const { x, y, w, h } = gridPos!;
      expect([title, x + w <= 24]).toEqual([title, true]);
      for (let column = x; column < x + w; column++)
        for (let line = y; line < y + h; line++) {
          expect([title, taken.has(`${column},${line}`)]).toEqual([title, false]);
          taken.add(`${column},${line}`);
        }
      const refs = targets.map(({ refId }) => refId);
      expect([title, refs.length > 0, new Set(refs).size]).toEqual([title, true, refs.length]);
      expect([title, datasource?.uid]).toEqual([title, '${datasource}']);
    }
  });

  test('uses only variables that it has, and all of them', () => {
    const { templating, ...rest } = dashboard;
    const own = templating!.list!.map((variable) => variable.name);
    const text = JSON.stringify([
      rest,
      templating!.list!.map(({ query, datasource }) => [query, datasource]),
    ]);
    const used = [...text.matchAll(/\$\{?([a-z]\w*)/g)].map(([, variable]) => variable!);
    expect([...new Set(used)].toSorted()).toEqual(own.toSorted());
  });
});

describe('the dashboard for Prometheus', () => {
  const queries = promqlQueriesOf(prometheus);

  test.each(queries)('names only metrics and labels that exist: $panel, $expr', ({ expr, legend }) => {
    const named = namedInPromql(expr);
    expect(named.metrics.length).toBeGreaterThan(0);
    expect(named.metrics.filter((name) => metricOf(name) === undefined)).toEqual([]);
    const known = named.metrics.flatMap(labelsOf);
    const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
    expect([...named.labels, ...shown].filter((label) => label !== 'le' && !known.includes(label))).toEqual(
      [],
    );
  });

  test('shows each metric', () => {
    const shown = new Set(
      queries.flatMap(({ expr }) => namedInPromql(expr).metrics.map((name) => metricOf(name)!.name)),
    );
    expect(METRICS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });

  test('selects the runs of its variables in each query', () => {
    for (const { expr } of queries) {
      const { metrics: named, labels } = namedInPromql(expr);
      expect([expr, labels.filter((label) => label === 'run').length]).toEqual([expr, named.length]);
    }
  });
});

describe('the dashboard for PostgreSQL', () => {
  const queries = sqlQueriesOf(DASHBOARDS['drumline-postgres']!);
  const columns = TABLES.flatMap(({ name, columns: own }) => own.map((column) => `${name}.${column.name}`));

  test.each(queries)('names only tables and columns that exist: $panel', ({ sql }) => {
    const named = namedInSql(sql);
    expect(named.columns.length).toBeGreaterThan(0);
    expect(named.columns.filter((column) => !columns.includes(column))).toEqual([]);
  });

  test('shows each table and view', () => {
    const shown = new Set(queries.flatMap(({ sql }) => namedInSql(sql).tables));
    expect([...shown].toSorted()).toEqual(TABLES.map(({ name }) => name).toSorted());
  });
});
