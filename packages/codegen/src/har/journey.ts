import { DrumlineError } from '@drumline/model';
import { throwProblems } from '../source/problems.js';
import type { Journey } from '../journey/journey.js';
import { stepOf } from '../recording/read-step.js';
import type { Step } from '../recording/step.js';
import type { Visit } from '../journey/visits.js';
import { HAR_HINT, readHar } from './har.js';
import { bodyNote, cookieNote, unreadableCount, unreadableNote } from './notes.js';
import { joinRedirects, type Exchange } from './redirects.js';
import { selectEntries, type SelectionOptions } from './selection.js';

/**
 * Shortest pause between two actions of a person. After shorter pauses, the page sent the request.
 */
const THINKING_MS = 1_000;
/** The same if the request belongs to another page. */
const NEXT_PAGE_MS = 300;
/** A person continues after this time, even if a response takes longer. */
const LONGEST_LOAD_MS = 5_000;

/**
 * Converts a HAR file to a journey.
 * @throws DrumlineError `usage` if the text is not a HAR file, or if all entries are left out
 */
export function readHarJourney(text: string, name: string, options: SelectionOptions): Journey {
  const { recorder, entries, unreadable, notes } = readHar(text, name);
  if (entries.length === 0) throwProblems(name, unreadable, HAR_HINT);
  const { target, entries: selected, leftOut, options: more } = selectEntries(entries, options);
  const exchanges = joinRedirects(selected);
  if (exchanges.length === 0) {
    const all = [...leftOut, ...unreadableCount(unreadable)];
    const why =
      all.length === 0 ? 'it has no requests' : `no requests are left after leaving out ${all.join('; ')}`;
    throw new DrumlineError('usage', `${name}: ${why}`, 'Record the visit from its first page.');
  }
  const [first] = exchanges;
  const { startedMs } = first!.entry;
  const date = startedMs === 0 ? '' : ` on ${new Date(startedMs).toISOString().slice(0, 10)}`;
  const by = recorder === '' ? '' : ` with ${recorder}`;
  const hops = selected.length - exchanges.length;
  const followed = hops === 0 ? '' : `, plus ${hops} that follow redirects`;
  const about = [
    `From ${name}, recorded${by}${date}: ${exchanges.length} of ${entries.length} requests${followed}.`,
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join('; ')}.`]),
    ...unreadableNote(unreadable),
    ...notes,
    ...cookieNote(selected),
    ...bodyNote(exchanges),
  ];
  const hints = more.length === 0 ? [] : [`To keep more requests, use ${more.join(' and ')}.`];
  return { about, hints, target, visits: visitsOf(exchanges), http: {}, imports: [] };
}

/** Groups requests into visits. A visit ends with a pause, or when another page opens. */
function visitsOf(exchanges: readonly Exchange[]): Visit[] {
  const visits: { pauseMs: number | undefined; steps: Step[]; page: string }[] = [];
  let endedMs = -Infinity;
  for (const { entry, endedMs: ended, options } of exchanges) {
    const pauseMs = entry.startedMs - endedMs;
    const visit = visits.at(-1);
    const step = { ...stepOf(entry), ...(options.expect === undefined ? {} : { options }) };
    if (visit === undefined || pauseMs >= (visit.page === entry.page ? THINKING_MS : NEXT_PAGE_MS)) {
      visits.push({
        pauseMs: pauseMs >= THINKING_MS && visit ? pauseMs : undefined,
        steps: [step],
        page: entry.page,
      });
    } else {
      visit.steps.push(step);
    }
    endedMs = Math.max(endedMs, Math.min(ended, entry.startedMs + LONGEST_LOAD_MS));
  }
  return visits;
}
