import type { Unplaced } from './panels.js';
import type { Annotation, Dashboard, DataSourceRef, Panel, RowPanel, Variable } from './types.js';

/** Panels with a title above them. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Unplaced[];
  /** Whether the row is closed at first. */
  readonly collapsed?: boolean;
}

export interface DashboardSpec {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** How often a dashboard that is shown queries again. */
  readonly refresh: string;
  readonly variables: readonly Variable[];
  readonly annotations: readonly Annotation[];
  readonly rows: readonly Row[];
}

/** Columns of a dashboard. */
const COLUMNS = 24;

/** The version of Grafana’s dashboard model, of Grafana 11. Newer versions convert it. */
const SCHEMA_VERSION = 39;

/** The data source that a dashboard’s variable `datasource` selects. */
export function chosenDataSource(type: string): DataSourceRef {
  return { type, uid: '${datasource}' };
}

/** Lays the rows out from the top, and numbers the panels. */
export function dashboardOf(spec: DashboardSpec): Dashboard {
  const { uid, title, description, refresh, variables, annotations, rows } = spec;
  const panels: (Panel | RowPanel)[] = [];
  let y = 0;
  let id = 0;
  for (const row of rows) {
    const head = { id: ++id, type: 'row' as const, title: row.title, gridPos: { x: 0, y, w: COLUMNS, h: 1 } };
    const { placed, end } = layOut(row.panels, y + 1);
    const own = placed.map((panel): Panel => ({ ...panel, id: ++id }));
    const { collapsed = false } = row;
    panels.push({ ...head, collapsed, panels: collapsed ? own : [] }, ...(collapsed ? [] : own));
    y = collapsed ? y + 1 : end;
  }
  return {
    id: null,
    uid,
    title,
    description,
    tags: ['drumline', 'load test'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh,
    time: { from: 'now-30m', to: 'now' },
    timezone: 'browser',
    templating: { list: variables },
    annotations: { list: annotations },
    links: [],
    panels,
  };
}

/** Places panels from left to right, and begins another line when one is full. */
function layOut(panels: readonly Unplaced[], from: number): { placed: Panel[]; end: number } {
  let [x, y, lineHeight] = [0, from, 0];
  const placed = panels.map(({ panel, width, height }): Panel => {
    if (x + width > COLUMNS) [x, y, lineHeight] = [0, y + lineHeight, 0];
    const gridPos = { x, y, w: width, h: height };
    x += width;
    lineHeight = Math.max(lineHeight, height);
    return { ...panel, gridPos };
  });
  return { placed, end: y + lineHeight };
}
