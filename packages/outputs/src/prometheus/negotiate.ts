/** A form in which metrics are exposed. */
export type Format = 'protobuf' | 'openmetrics' | 'prometheus';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
};

/** The form that a scraper prefers by its `Accept` header: the first of the highest quality. */
export function formatFor(accept: string | undefined): Format {
  let [best, bestQuality]: [Format, number] = ['prometheus', 0];
  for (const range of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = formatOf(type, parameters);
    const quality = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    if (format !== undefined && quality > bestQuality) [best, bestQuality] = [format, quality];
  }
  return best;
}

function formatOf(type: string, parameters: readonly string[]): Format | undefined {
  switch (type) {
    case 'application/vnd.google.protobuf':
      return parameters.includes('encoding=delimited') ? 'protobuf' : undefined;
    case 'application/openmetrics-text':
      return 'openmetrics';
    case 'text/plain':
    case 'text/*':
    case '*/*':
      return 'prometheus';
    default:
      return undefined;
  }
}
