import { useContext, useState } from 'preact/hooks';
import { formatClock } from '../format.js';
import { InReport } from '../parts/medium.js';
import type { ChartModel } from './model.js';
import { rowsOf } from './reduce.js';

const MAX_ROWS = 20;

/** The values of a chart, for readers that do not see it. */
export function ValueTable({ model }: { readonly model: ChartModel }) {
  const isReport = useContext(InReport);
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="values" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Table<span class="hidden"> of {model.title}</span>
      </summary>
      {(isOpen || isReport) && <Values model={model} />}
    </details>
  );
}

function Values({ model: { lines, data, title } }: { readonly model: ChartModel }) {
  const rows = rowsOf(lines, data, MAX_ROWS);
  const isReduced = rows.length < data[0].length;
  const kind = lines.every(({ isHighest }) => isHighest === true) ? 'highest values' : 'means';
  return (
    <table>
      <caption>
        {title}
        {isReduced && `: ${kind} from each time to the next`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          {lines.map(({ label }) => (
            <th scope="col" class="num" key={label}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ at, values }) => (
          <tr key={at}>
            <th scope="row">{formatClock(at)}</th>
            {values.map((value, index) => (
              <td class="num" key={index}>
                {value === null ? '–' : lines[index]!.format(value)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
