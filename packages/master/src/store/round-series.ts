import { roundHistogram, type SeriesDelta } from '@drumline/stats';

/** A series with times of two significant digits, which take less space. */
export function roundSeries(series: SeriesDelta): SeriesDelta {
  return {
    ...series,
    latency: roundHistogram(series.latency),
    ...(series.service && { service: roundHistogram(series.service) }),
  };
}
