import type { ListedSeries } from '@drumline/client';
import { announce } from '../../parts/announcer.js';
import { copyText } from '../../parts/copy.js';
import { messageOf } from '../../parts/message-of.js';
import type { Column } from './table-columns.js';
import { asCsv, asMarkdown } from './table-text.js';

interface Props {
  readonly shown: readonly Column[];
  /** Reads all rows, of which the table may have a part. */
  readonly read: () => readonly ListedSeries[] | Promise<readonly ListedSeries[]>;
}

/** Copy the whole table. */
export function CopyButtons({ shown, read }: Props) {
  const copy = async (write: typeof asCsv): Promise<void> => {
    try {
      await copyText(write(await read(), shown), 'Table');
    } catch (error) {
      announce(messageOf(error), 'problem');
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy(asMarkdown)}>
        Copy as Markdown
      </button>
      <button type="button" onClick={() => void copy(asCsv)}>
        Copy as CSV
      </button>
    </>
  );
}
