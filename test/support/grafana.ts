import type { Dashboard, Panel } from '../../scripts/dist/grafana/types.js';

/** All panels of a dashboard, also those in closed rows. */
export function panelsOf({ panels = [] }: Dashboard): Panel[] {
  return panels.flatMap((panel) => {
    if (!('panels' in panel)) return [panel as Panel];
    return [...panel.panels];
  });
}

/** A query in SQL. */
export interface SqlQuery {
  /** The panel, variable or annotation that shows its rows. */
  readonly panel: string;
  readonly sql: string;
  readonly format: string;
}

/** The queries of panels, annotations and variables. */
export function sqlQueriesOf(dashboard: Dashboard): SqlQuery[] {
  const own = panelsOf(dashboard).flatMap(({ title = '', targets = [] }) =>
    targets.map(({ rawSql, format }) => ({ panel: title, sql: rawSql as string, format: format as string })),
  );
  const annotations = (dashboard.annotations?.list ?? []).map(({ name, target }) => {
    const { rawSql } = target as unknown as { rawSql: string };
    return { panel: name, sql: rawSql, format: 'table' };
  });
  const variables = (dashboard.templating?.list ?? [])
    .filter(({ type }) => type === 'query')
    .map(({ name, query }) => ({ panel: `variable ${name}`, sql: query as string, format: 'table' }));
  return [...own, ...annotations, ...variables];
}

/** A query as Grafana sends it for points of one second, with values in place of variables. */
export function sentSql(sql: string, values: Readonly<Record<string, string>>): string {
  const withoutMacros = sql
    .replaceAll(/\$__timeGroupAlias\(([\w.]+), \$__interval\)/g, 'floor(extract(epoch FROM $1)) AS "time"')
    .replaceAll(/\$__timeFilter\(([\w.]+)\)/g, `$1 BETWEEN now() - interval '1 h' AND now()`)
    .replaceAll('$__interval_ms', '1000');
  return withoutMacros.replaceAll(/\$\{?([a-z]\w*)\}?/g, (_, name: string) => values[name]!);
}

/** What a query names. */
export interface NamedInSql {
  readonly tables: readonly string[];
  /** Columns of tables, as `table.column`. */
  readonly columns: readonly string[];
}

/** The tables and columns of a query. Each table must have an alias, and each column name it. */
export function namedInSql(sql: string): NamedInSql {
  const tables = [...sql.matchAll(/\b(?:FROM|JOIN) \$\{schema\}\.(\w+) ([a-z])\b/g)];
  const byAlias = new Map(tables.map(([, table, alias]) => [alias!, table!]));
  const others = new Set([...sql.matchAll(/ AS ([a-z])\(/g)].map(([, alias]) => alias!));
  const columns = [...sql.matchAll(/(?<![\w'.])([a-z])\.(\w+)/g)]
    .filter(([, alias]) => !others.has(alias!))
    .map(([, alias, column]) => `${byAlias.get(alias!)}.${column}`);
  return { tables: [...byAlias.values()], columns };
}

/** A query in PromQL. */
export interface PromqlQuery {
  readonly panel: string;
  readonly expr: string;
  /** How series are named. */
  readonly legend: string;
}

/** The queries of panels and annotations. */
export function promqlQueriesOf(dashboard: Dashboard): PromqlQuery[] {
  const own = panelsOf(dashboard).flatMap(({ title = '', targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      panel: title,
      expr: expr as string,
      legend: (legendFormat as string | undefined) ?? '',
    })),
  );
  const annotations = (dashboard.annotations?.list ?? []).map((one) => {
    const { expr, titleFormat } = one as unknown as Record<string, string>;
    return { panel: one.name, expr: expr!, legend: titleFormat! };
  });
  return [...own, ...annotations];
}
