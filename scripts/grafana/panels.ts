import type {
  DataSourceRef,
  FieldConfigSource,
  GraphFieldConfig,
  HeatmapOptions,
  Panel,
  StateTimelineOptions,
  StatOptions,
  TableOptions,
  TimeSeriesOptions,
} from './types.js';

/** A query of a panel, in the form of its data source. */
export type Target = Readonly<Record<string, unknown>> & { readonly refId: string };

/** A panel that has no place yet. */
export interface Unplaced {
  readonly panel: Panel;
  /** Columns, of 24. */
  readonly width: number;
  readonly height: number;
}

/** What all panels have. */
export interface PanelSpec {
  readonly title: string;
  /** What the figures mean, if the title does not say it. */
  readonly description?: string;
  readonly targets: readonly Target[];
  /** A unit of Grafana: `reqps`, `s`, `percentunit`. */
  readonly unit?: string;
  readonly width?: number;
  readonly height?: number;
}

export interface GraphSpec extends PanelSpec {
  readonly stacked?: boolean;
  readonly max?: number;
  /** Colors of some series, by name. */
  readonly colors?: Readonly<Record<string, string>>;
}

export interface StatSpec extends PanelSpec {
  /** The value from which on the figure is red. */
  readonly redFrom?: number;
  readonly isText?: boolean;
}

export interface TableSpec extends PanelSpec {
  /** Titles of the fields, in their order. Other fields are hidden. */
  readonly columns: Readonly<Record<string, string>>;
  /** Fields that are not shown, but that a link uses. */
  readonly hidden?: readonly string[];
  /** Units of some fields. */
  readonly units?: Readonly<Record<string, string>>;
  /** A link of a field. */
  readonly link?: { readonly field: string; readonly title: string; readonly url: string };
  readonly sortBy?: string;
}

const GRAPH = { width: 12, height: 8 };
const STAT = { width: 4, height: 4 };

/** Makes the panels of a data source. */
export class Panels {
  /** @param finest the shortest time between two points: `1s`. Default: that of the data source */
  constructor(
    private readonly datasource: DataSourceRef,
    private readonly finest?: string,
  ) {}

  graph(spec: GraphSpec): Unplaced {
    const { stacked = false, max, colors = {}, unit = 'short' } = spec;
    const custom: GraphFieldConfig = {
      drawStyle: 'line',
      lineWidth: 1,
      fillOpacity: stacked ? 40 : 8,
      showPoints: 'never',
      stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    };
    const options: TimeSeriesOptions = {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    };
    const overrides = Object.entries(colors).map(([name, fixedColor]) =>
      overrideOf(name, { color: { mode: 'fixed', fixedColor } }),
    );
    const defaults = { unit, min: 0, ...(max !== undefined && { max }), custom: { ...custom } };
    return this.place('timeseries', spec, GRAPH, { defaults, overrides }, options);
  }

  /** One figure: the last of its query. */
  stat(spec: StatSpec): Unplaced {
    const { unit = 'short', redFrom, isText = false } = spec;
    const options: StatOptions = {
      reduceOptions: { values: false, calcs: ['lastNotNull'], fields: isText ? '/.*/' : '' },
      orientation: 'auto',
      colorMode: redFrom === undefined ? 'none' : 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      percentChangeColorMode: 'standard',
      showPercentChange: false,
      textMode: 'auto',
      wideLayout: true,
    };
    const red = redFrom === undefined ? [] : [{ color: 'red', value: redFrom }];
    const steps = [{ color: redFrom === undefined ? 'text' : 'green', value: null }, ...red];
    const defaults = { unit, thresholds: { mode: 'absolute' as const, steps } };
    return this.place('stat', spec, STAT, { defaults, overrides: [] }, options);
  }

  table(spec: TableSpec): Unplaced {
    const { columns, hidden = [], units = {}, link, sortBy } = spec;
    const fields = [...Object.keys(columns), ...hidden];
    const options: TableOptions = {
      showHeader: true,
      cellHeight: 'sm',
      frameIndex: 0,
      ...(sortBy !== undefined && { sortBy: [{ displayName: sortBy, desc: true }] }),
    };
    // Overrides and sorting use the titles, because the transformation renames the fields first.
    const withUnits = Object.entries(units).map(([field, unit]) => overrideOf(columns[field]!, { unit }));
    const links = link
      ? [overrideOf(columns[link.field]!, { links: [{ title: link.title, url: link.url }] })]
      : [];
    const organize = {
      id: 'organize',
      options: {
        renameByName: columns,
        includeByName: Object.fromEntries(fields.map((field) => [field, true])),
        indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
      },
    };
    const unseen = hidden.map((field) => overrideOf(field, { 'custom.hidden': true }));
    const config = { defaults: {}, overrides: [...withUnits, ...links, ...unseen] };
    return this.place('table', spec, GRAPH, config, options, [organize]);
  }

  /** Response times by second: the darker, the more of them. */
  heatmap(spec: PanelSpec): Unplaced {
    const { unit = 's' } = spec;
    const options: HeatmapOptions = {
      calculate: false,
      cellGap: 1,
      color: {
        mode: 'scheme',
        scheme: 'Spectral',
        fill: 'dark-orange',
        exponent: 0.5,
        steps: 64,
        reverse: true,
      },
      exemplars: { color: 'rgba(255,0,255,0.7)' },
      filterValues: { le: 1e-9 },
      legend: { show: true },
      rowsFrame: { layout: 'auto' },
      showValue: 'never',
      tooltip: { mode: 'single', showColorScale: true, yHistogram: true },
      yAxis: { axisPlacement: 'left', unit },
    };
    return this.place('heatmap', spec, GRAPH, { defaults: {}, overrides: [] }, options);
  }

  /**
   * Texts over time: a row for each series.
   * @param texts what its values mean, with a color each
   */
  states(spec: PanelSpec, texts: Readonly<Record<string, readonly [text: string, color: string]>>): Unplaced {
    const options: StateTimelineOptions = {
      legend: { showLegend: false, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
      mergeValues: true,
      rowHeight: 0.8,
      showValue: 'never',
    };
    const results = Object.entries(texts).map(([value, [text, color]], index) => [
      value,
      { text, color, index },
    ]);
    const defaults = { mappings: [{ type: 'value' as const, options: Object.fromEntries(results) }] };
    return this.place('state-timeline', spec, GRAPH, { defaults, overrides: [] }, options);
  }

  private place(
    type: string,
    spec: PanelSpec,
    size: { readonly width: number; readonly height: number },
    fieldConfig: FieldConfigSource,
    options: object,
    transformations?: Panel['transformations'],
  ): Unplaced {
    const { title, description, targets, width = size.width, height = size.height } = spec;
    const panel: Panel = {
      type,
      title,
      ...(description !== undefined && { description }),
      datasource: this.datasource,
      ...(this.finest !== undefined && { interval: this.finest }),
      targets: targets.map((target) => ({ datasource: this.datasource, ...target })),
      fieldConfig,
      options: { ...options },
      ...(transformations && { transformations }),
    };
    return { panel, width, height };
  }
}

function overrideOf(
  name: string,
  properties: Readonly<Record<string, unknown>>,
): FieldConfigSource['overrides'][number] {
  return {
    matcher: { id: 'byName', options: name },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  };
}
