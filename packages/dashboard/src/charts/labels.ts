/** Texts of limits and remarks in a chart, the same for uPlot and for SVG. */
import type { Marks } from './model.js';

/** The text of a limit. `line` is where its line is; absent if the scale ends below the limit. */
export interface LimitLabel {
  readonly text: string;
  readonly isBroken: boolean;
  readonly line?: number;
  /** Where the text stands. */
  readonly base: number;
}

/** The text of a remark. */
export interface AnnotationLabel {
  readonly text: string;
  readonly left: number;
}

interface Vertical {
  /** The upper edge of the chart. */
  readonly edge: number;
  /** The value at the upper edge. */
  readonly top: number;
  readonly at: (value: number) => number;
  readonly fontSize: number;
}

/**
 * Places limits and their texts: above the line, or below it at the upper edge. Limits beyond the
 * scale stand together at the upper edge, behind an arrow. A text without room is left out.
 */
export function placeLimits(
  limits: Marks['limits'],
  { edge, top, at, fontSize }: Vertical,
): readonly LimitLabel[] {
  const row = fontSize * 1.2;
  const beyond = limits.filter(({ value }) => value > top);
  const placed: LimitLabel[] = beyond.length === 0 ? [] : [beyondLabel(beyond, edge + row)];
  const inside = limits.filter(({ value }) => value <= top).toSorted((a, b) => b.value - a.value);
  for (const { value, text, isBroken } of inside) {
    const line = at(value);
    const isAtEdge = line - row < edge;
    const base = isAtEdge ? line + row : line - fontSize * 0.45;
    const isFree = placed.every((one) => one.text === '' || Math.abs(one.base - base) >= row);
    placed.push({ text: isFree ? text : '', isBroken, line, base });
  }
  return placed;
}

function beyondLabel(limits: Marks['limits'], base: number): LimitLabel {
  const text = `↑ ${limits.map((one) => one.text).join(' · ')}`;
  return { text, isBroken: limits.some(({ isBroken }) => isBroken), base };
}

interface Horizontal {
  readonly left: number;
  readonly right: number;
  readonly at: (second: number) => number;
  readonly widthOf: (text: string) => number;
}

const MAX_CHARACTERS = 24;
const GAP = 4;

/** Places the texts of remarks beside their lines. A text without room is left out. */
export function placeAnnotations(
  annotations: Marks['annotations'],
  { left, right, at, widthOf }: Horizontal,
): readonly AnnotationLabel[] {
  const placed: AnnotationLabel[] = [];
  let free = left;
  for (const one of annotations) {
    const x = at(one.at);
    if (x < left || x > right) continue;
    const text = one.text.length > MAX_CHARACTERS ? `${one.text.slice(0, MAX_CHARACTERS - 1)}…` : one.text;
    const width = widthOf(text);
    const start = x + GAP + width <= right ? x + GAP : x - GAP - width;
    if (start < free) continue;
    placed.push({ text, left: start });
    free = start + width + GAP;
  }
  return placed;
}

/** Limits and remarks in words, for readers that do not see the chart. */
export function describeMarks({ limits, annotations }: Marks): string {
  const kept = limits.map(({ text, isBroken }) => `${text} (${isBroken ? 'broken' : 'kept'})`);
  return [
    kept.length === 0 ? '' : `Limits: ${kept.join(', ')}.`,
    annotations.length === 0 ? '' : `Remarks: ${annotations.map(({ text }) => text).join(', ')}.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}
