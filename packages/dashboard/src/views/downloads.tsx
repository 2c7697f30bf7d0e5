import type { ReportFormat, RunClient } from '@drumline/client';
import { announce } from '../parts/announcer.js';
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

interface Props {
  /** Named by its id: `current` may be another run by now. */
  readonly run: RunClient;
  /** Whether the master gives the run file to this token. */
  readonly withRunFile: boolean;
}

/**
 * The report in every format, and the run file. Each request carries the token, which a plain link
 * could not do.
 */
export function Downloads({ run, withRunFile }: Props) {
  const saveReport = async (format: ReportFormat, type: string): Promise<void> => {
    const text = await run.report(format);
    saveAs(`drumline-${run.id.slice(0, 8)}.${format}`, new Blob([text], { type }));
  };
  // Browsers keep a large blob on the disk.
  const saveRunFile = async (): Promise<void> => {
    announce('The run file is being fetched.');
    const { name, stream } = await run.runFile();
    saveAs(name, await new Response(stream).blob());
  };
  return (
    <details class="menu">
      <summary>Download</summary>
      <fieldset aria-label="Formats of the report">
        {FORMATS.map(({ format, title, type }) => (
          <button
            type="button"
            key={format}
            onClick={({ currentTarget }) => close(currentTarget, saveReport(format, type))}
          >
            {title}
          </button>
        ))}
        {withRunFile && (
          <button type="button" onClick={({ currentTarget }) => close(currentTarget, saveRunFile())}>
            Run file (SQLite)
          </button>
        )}
      </fieldset>
    </details>
  );
}

/** Closes the menu of a button, and announces if its download fails. */
function close(button: HTMLElement, download: Promise<void>): void {
  button.closest('details')!.open = false;
  download.catch((error: unknown) => announce(messageOf(error), 'problem'));
}

function saveAs(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
