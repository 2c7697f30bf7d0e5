import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { isInteractive } from '../parts/medium.js';
import { route } from '../route.js';
import type { RunSource } from '../run/run-source.js';
import { SeriesPage } from '../views/series/series-page.js';

interface Props {
  readonly run: RunSource;
  /** The whole report. */
  readonly children: ComponentChildren;
}

/**
 * The series that the URL names, or the whole report. Back returns to where the reader was. Without
 * scripts, it is the whole report.
 */
export function SeriesView({ run, children }: Props) {
  const { series = '' } = isInteractive.value ? route.value.query : {};
  const shown = useRef(series);
  const drawn = useRef(series);
  const top = useRef(0);
  // Before the other page is drawn.
  if (shown.current === '' && series !== '') top.current = scrollY;
  const move = (from: typeof shown): void => {
    if (series !== from.current) scroll(series === '' ? top.current : 0);
    from.current = series;
  };
  useLayoutEffect(() => move(shown), [series]);
  // Again once the charts are drawn, which moves what is below them.
  useEffect(() => move(drawn), [series]);
  return series === '' ? children : <SeriesPage key={series} run={run} id={series} />;
}

/** Scrolls to the part that the URL names, or to a place. */
function scroll(top: number): void {
  history.scrollRestoration = 'manual';
  const part = document.getElementById(location.hash.slice(1));
  if (part) part.scrollIntoView();
  else scrollTo(0, top);
}
