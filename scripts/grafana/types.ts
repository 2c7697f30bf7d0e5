import type * as grafana from '@grafana/schema';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as stateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// The model of Grafana’s dashboards as it publishes it, so that the compiler checks ours.

/** The same with the texts of its enumerations. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Plain<T[Key]> }
      : T;

export type Dashboard = Plain<grafana.Dashboard>;
export type Panel = Plain<grafana.Panel>;
export type RowPanel = Plain<grafana.RowPanel>;
export type DataSourceRef = Plain<grafana.DataSourceRef>;
export type FieldConfigSource = Plain<grafana.FieldConfigSource>;
export type Variable = Plain<grafana.VariableModel>;
export type Annotation = Plain<grafana.AnnotationQuery>;

export type GraphFieldConfig = Plain<grafana.GraphFieldConfig>;
export type TableFieldConfig = Plain<Partial<table.FieldConfig>>;
export type TimeSeriesOptions = Plain<timeSeries.Options>;
export type StatOptions = Plain<stat.Options>;
export type TableOptions = Plain<table.Options>;
export type HeatmapOptions = Plain<heatmap.Options>;
export type StateTimelineOptions = Plain<stateTimeline.Options>;
