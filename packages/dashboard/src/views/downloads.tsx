import type { ReportFormat } from '@drumline/client';
import { announce } from '../parts/announcer.js';
import type { LiveRun } from '../run/live-run.js';
import { messageOf } from '../parts/message-of.js';

const FORMATS: readonly { readonly format: ReportFormat; readonly title: string; readonly type: string }[] = [
  { format: 'html', title: 'HTML', type: 'text/html' },
  { format: 'json', title: 'JSON', type: 'application/json' },
  { format: 'csv', title: 'CSV of series', type: 'text/csv' },
  { format: 'history.csv', title: 'CSV of seconds', type: 'text/csv' },
  { format: 'failures.csv', title: 'CSV of failures', type: 'text/csv' },
  { format: 'exceptions.csv', title: 'CSV of exceptions', type: 'text/csv' },
  { format: 'xml', title: 'JUnit', type: 'application/xml' },
  { format: 'md', title: 'Markdown', type: 'text/markdown' },
];

/** The report in every format. It is fetched with the token, so a plain link would not do. */
export function Downloads({ run }: { readonly run: LiveRun }) {
  const save = async (format: ReportFormat, type: string): Promise<void> => {
    try {
      const text = await run.client.report(format);
      const url = URL.createObjectURL(new Blob([text], { type }));
      const link = document.createElement('a');
      link.href = url;
      link.download = `drumline-${(run.view.value?.runId ?? run.id).slice(0, 8)}.${format}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 1_000);
    } catch (error) {
      announce(messageOf(error), 'problem');
    }
  };
  return (
    <details class="menu">
      <summary>Download</summary>
      <fieldset aria-label="Formats of the report">
        {FORMATS.map(({ format, title, type }) => (
          <button
            type="button"
            key={format}
            onClick={({ currentTarget }) => {
              currentTarget.closest('details')!.open = false;
              void save(format, type);
            }}
          >
            {title}
          </button>
        ))}
      </fieldset>
    </details>
  );
}
