import type { ListedSeries, RunClient } from '@drumline/client';
import type { RunReads } from './run-source.js';
import { SeriesWindowReader } from './series-window.js';

const PAGE = 1_000;

/** Reads from a master, which filters and sorts. */
export function liveReads(client: RunClient): RunReads {
  return {
    totals: async () => await client.totals(),
    series: async (filter, sort) => await readSeries(client, filter, sort),
    seriesReader: (filter, sort) => new SeriesWindowReader(client, filter, sort),
    seriesTimelines: async (query) => await client.seriesTimeline(query),
    errors: async () => await client.errors(),
    metrics: async () => await client.metrics(),
  };
}

async function readSeries(client: RunClient, filter: string, sort: string): Promise<readonly ListedSeries[]> {
  let page = await client.series({ filter, sort, limit: PAGE });
  const series = [...page.series];
  while (page.next !== undefined) {
    page = await client.series({ after: page.next, limit: PAGE });
    series.push(...page.series);
  }
  return series;
}
