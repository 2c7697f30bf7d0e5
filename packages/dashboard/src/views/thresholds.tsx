import type { StatusView } from '@drumline/client';
import { formatDuration } from '@drumline/model';
import { formatFigure } from '../format.js';
import { distanceOf } from './threshold-distance.js';

type Threshold = NonNullable<StatusView['thresholds']>[number];

/** The limit is at this share of a meter, so that figures beyond it have room. */
const LIMIT_AT = 0.75;

/** How far each threshold is from its limit. Broken ones come first. */
export function Thresholds({ thresholds }: { readonly thresholds: readonly Threshold[] }) {
  const sorted = thresholds.toSorted((a, b) => Number(b.broken) - Number(a.broken));
  const broken = thresholds.filter((one) => one.broken).length;
  return (
    <section class="card" aria-label="Thresholds">
      <h2>
        Thresholds{' '}
        <span class={broken > 0 ? 'count bad' : 'count'}>
          {broken > 0 ? `${broken} of ${thresholds.length} broken` : `${thresholds.length} kept`}
        </span>
      </h2>
      <ul class="thresholds">
        {sorted.map((threshold) => (
          <Row key={`${threshold.of} ${threshold.expression}`} threshold={threshold} />
        ))}
      </ul>
    </section>
  );
}

function Row({ threshold }: { readonly threshold: Threshold }) {
  const { expression, of, observed, limit, unit, broken, brokenForMs } = threshold;
  const share = observed === null || limit === 0 ? 0 : Math.min(1, (observed / limit) * LIMIT_AT);
  return (
    <li class={broken ? 'bad broken' : 'good'}>
      <span class="mark" aria-hidden="true">
        {broken ? '✗' : '✓'}
      </span>
      <code>{expression}</code> {of !== '' && <span class="muted">of {of}</span>}
      <span class="figure">
        <strong>{formatFigure(observed, unit)}</strong>{' '}
        <span class="muted">
          {[
            distanceOf(threshold),
            brokenForMs > 0 ? `${broken ? '' : 'was '}broken for ${formatDuration(brokenForMs)}` : '',
          ]
            .filter((text) => text !== '')
            .join(', ')}
        </span>
      </span>
      <span class="meter" aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
        <i style={{ left: `${LIMIT_AT * 100}%` }} />
      </span>
    </li>
  );
}
