import type { BandCount } from '@drumline/model';
import type { Tone } from '../style/theme.js';

/** A line of a chart. */
export interface Line {
  readonly label: string;
  readonly tone: Tone;
  readonly format: (value: number) => string;
  readonly isFilled?: boolean;
  readonly isDashed?: boolean;
  readonly isStepped?: boolean;
  /** Whether several values become their highest instead of their mean. */
  readonly isHighest?: boolean;
}

/** Seconds since the start, then a column for each line. */
export type Columns = readonly [readonly number[], ...(readonly (number | null)[])[]];

/** What a chart shows behind its lines. */
export interface Marks {
  /** Seconds that are not to be trusted, or not complete. */
  readonly shaded: readonly number[];
  /** Remarks, in seconds since the start. */
  readonly annotations: readonly { readonly at: number; readonly text: string }[];
  /** Limits of thresholds in the unit of the chart. */
  readonly limits: readonly { readonly value: number; readonly isBroken: boolean; readonly text: string }[];
}

/** The response times of each point of a chart, by band. */
export interface HeatMap {
  /** Seconds in each point. */
  readonly stepSeconds: number;
  readonly columns: readonly (readonly BandCount[])[];
}

/** A chart over the time of the run: drawn by uPlot in a browser, and as SVG without scripts. */
export interface ChartModel {
  readonly id: string;
  readonly title: string;
  /** What the chart shows, for screen readers. */
  readonly label: string;
  readonly lines: readonly Line[];
  readonly data: Columns;
  readonly marks: Marks;
  /** Seconds in each point. */
  readonly stepSeconds: number;
  /** Lines between which the area is filled on a linear scale. */
  readonly band?: { readonly from: number; readonly to: number; readonly tone: 'violet' };
  /** Response times by band, on a logarithmic scale. */
  readonly heatMap?: HeatMap;
}
