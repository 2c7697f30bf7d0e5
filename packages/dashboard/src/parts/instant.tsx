import { formatInstant as formatUtc } from '@drumline/model';
import { useContext } from 'preact/hooks';
import { formatInstant } from '../format.js';
import { InReport } from './medium.js';

/** An instant: in the time zone of the reader, or in UTC in a report, which people pass on. */
export function Instant({ at }: { readonly at: string }) {
  const isReport = useContext(InReport);
  return <time dateTime={at}>{isReport ? formatUtc(at) : formatInstant(at)}</time>;
}
