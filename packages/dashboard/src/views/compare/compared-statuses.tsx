import type { ComparedStatusView } from '@drumline/client';
import { formatCount } from '../../format.js';
import { formatChange, formatStatistic } from './verdicts.js';

/** Classes of the style sheet. More responses of a status are neither good nor bad. */
const TONES: Readonly<Record<ComparedStatusView['verdict'], string>> = {
  more: 'warn',
  fewer: 'warn',
  same: 'muted',
  'cannot-tell': 'muted',
};

/** Responses by status, as shares of all requests of each run. */
export function ComparedStatuses({
  statuses = [],
}: {
  readonly statuses?: readonly ComparedStatusView[] | undefined;
}) {
  if (statuses.length === 0) return null;
  return (
    <section class="card" aria-label="Statuses">
      <h2>Statuses</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of statuses">
        <table>
          <thead>
            <tr>
              <th scope="col" class="text">
                Status
              </th>
              {['Baseline', 'New', 'Share of baseline', 'Share of new', 'Change', 'Interval'].map(
                (heading) => (
                  <th scope="col" class="num" key={heading}>
                    {heading}
                  </th>
                ),
              )}
              <th scope="col" class="text">
                Verdict
              </th>
            </tr>
          </thead>
          <tbody>
            {statuses.map((one) => (
              <Row key={one.status} one={one} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ one }: { readonly one: ComparedStatusView }) {
  const { status, requests, before, after, change, low, high, verdict } = one;
  const tone = TONES[verdict];
  const changed = (by: number | null): string => formatChange('error rate', by);
  return (
    <tr>
      <th scope="row">{status}</th>
      <td class="num">{formatCount(requests.before)}</td>
      <td class="num">{formatCount(requests.after)}</td>
      <td class="num">{formatStatistic('error rate', before)}</td>
      <td class="num">{formatStatistic('error rate', after)}</td>
      <td class={`num ${tone}`}>{changed(change)}</td>
      <td class="num muted">{low === null || high === null ? '–' : `${changed(low)} to ${changed(high)}`}</td>
      <td class={tone}>{verdict.replace('-', ' ')}</td>
    </tr>
  );
}
