import type { SeriesResult } from '@drumline/client';
import { Tags } from './tags.js';

type Named = Pick<SeriesResult, 'method' | 'name' | 'user'> &
  Partial<Pick<SeriesResult, 'protocol' | 'tags' | 'part'>>;

/** Method and name of a series, its user type and tags, and the protocol unless it is HTTP. */
export function SeriesName({ series }: { readonly series: Named }) {
  const { protocol = 'http', method, name, user, tags, part } = series;
  return (
    <span class="series-name" title={`${method} ${name}`}>
      {!/^https?$/i.test(protocol) && <span class="tag first">{protocol}</span>}
      <span class="method">{method}</span> {name}
      <Tags tags={{ ...tags, user }} />
      {part === true && <small class="muted"> not in the totals</small>}
    </span>
  );
}

/** The name as a text, for sorting and for tables that are copied. */
export function nameText({ method, name, user, tags = {} }: Named): string {
  const parts = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`);
  return [method, name, ...parts, `(${user})`].join(' ');
}
