import type { ComparisonView } from '@drumline/client';
import { formatCount } from '../../format.js';
import { route, setQuery } from '../../route.js';
import { SeriesName } from '../../parts/series-name.js';
import { formatChange, RANKS, TONES } from './verdicts.js';

type Series = ComparisonView['series'][number];

const COLUMNS = ['p50', 'p95', 'p99', 'error rate'];
const CHOICES = [
  { name: '', title: 'All' },
  { name: 'worse', title: 'Slower or failing more' },
  { name: 'better', title: 'Faster or failing less' },
] as const;

/** Each series that both runs have. Those that changed come first. */
export function ComparedSeries({ series }: { readonly series: readonly Series[] }) {
  const { verdict = '' } = route.value.query;
  if (series.length === 0) return null;
  const shown = series
    .filter((one) => verdict === '' || one.verdict === verdict)
    .toSorted((a, b) => RANKS.indexOf(a.verdict) - RANKS.indexOf(b.verdict));
  return (
    <section class="card" aria-label="Series">
      <div class="bar">
        <h2>
          Series <span class="count">{shown.length}</span>
        </h2>
        <span class="buttons" role="group" aria-label="Series to show">
          {CHOICES.map(({ name, title }) => {
            const count = name === '' ? series.length : series.filter((one) => one.verdict === name).length;
            return (
              <button
                type="button"
                key={name}
                aria-pressed={verdict === name}
                onClick={() => setQuery('verdict', name)}
              >
                {title} ({count})
              </button>
            );
          })}
        </span>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of series">
        <table>
          <thead>
            <tr>
              <th scope="col" class="text">
                Request
              </th>
              <th scope="col" class="num">
                Requests
              </th>
              {COLUMNS.map((name) => (
                <th scope="col" class="num" key={name}>
                  {name}
                </th>
              ))}
              <th scope="col" class="text">
                Verdict
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={JSON.stringify([one.protocol, one.method, one.name, one.user, one.tags])}>
                <th scope="row">
                  <SeriesName series={one} />
                </th>
                <td class="num">{formatCount(one.requests.after)}</td>
                {COLUMNS.map((name) => (
                  <ChangeCell key={name} series={one} name={name} />
                ))}
                <td class={TONES[one.verdict]}>{one.word}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p class="muted empty">No series.</p>}
      </div>
    </section>
  );
}

/** The change: `=` if it is within the margin, with a question mark if it may be noise. */
function ChangeCell({ series, name }: { readonly series: Series; readonly name: string }) {
  const one = series.statistics.find((statistic) => statistic.name === name);
  if (!one) return <td class="num muted">–</td>;
  const { verdict, change, text } = one;
  return (
    <td class={`num ${TONES[verdict]}`} title={`${name} ${text}`}>
      {verdict === 'same' ? '=' : formatChange(name, change)}
      {verdict === 'cannot-tell' && ' ?'}
    </td>
  );
}
