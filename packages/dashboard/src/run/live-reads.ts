import type { ListedSeries, RunClient } from '@drumline/client';
import type { RunReads } from './run-source.js';
import { SeriesWindowReader } from './series-window.js';

const PAGE = 1_000;

/** Reads from a master, which filters and sorts. @param run asked for the client each time */
export function liveReads(run: () => RunClient): RunReads {
  return {
    totals: async () => await run().totals(),
    series: async (filter, sort) => await readSeries(run(), filter, sort),
    seriesReader: (filter, sort) => new SeriesWindowReader(run(), filter, sort),
    seriesTimelines: async (query) => await run().seriesTimeline(query),
    errors: async () => await run().errors(),
    metrics: async () => await run().metrics(),
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
