import { Fragment } from 'preact';
import { placeAnnotations, placeLimits } from './labels.js';
import type { Marks } from './model.js';
import { FONT_SIZE, PLOT, round, type Scales, Stroke, Text } from './svg-shapes.js';

/** About the width of a character. */
const CHARACTER_WIDTH = 5.6;

interface Scaled {
  readonly scales: Scales;
}

/** Lines and texts of limits. */
export function SvgLimits({
  limits,
  top,
  scales,
}: Pick<Marks, 'limits'> & { readonly top: number } & Scaled) {
  const placed = placeLimits(limits, { edge: PLOT.top, top, at: scales.y, fontSize: FONT_SIZE });
  return (
    <>
      {placed.map(({ text, isBroken, line, base }) => (
        <Fragment key={`${text} ${base}`}>
          {line !== undefined && (
            <Stroke
              tone={isBroken ? 'red' : 'good'}
              dash="2 3"
              path={`M${PLOT.left} ${round(line)}H${PLOT.right}`}
            />
          )}
          <Text tone={isBroken ? 'red' : 'good'} x={PLOT.right - 4} y={base} anchor="end">
            {text}
          </Text>
        </Fragment>
      ))}
    </>
  );
}

/** Lines and texts of remarks. */
export function SvgAnnotations({ annotations, scales }: Pick<Marks, 'annotations'> & Scaled) {
  const { left, right, top, bottom } = PLOT;
  const widthOf = (text: string): number => text.length * CHARACTER_WIDTH;
  return (
    <>
      {annotations.map(({ at, text }) => (
        <Stroke key={at + text} tone="violet" dash="4 4" path={`M${round(scales.x(at))} ${top}V${bottom}`} />
      ))}
      {placeAnnotations(annotations, { left, right, at: scales.x, widthOf }).map((one) => (
        <Text key={one.left} tone="violet" x={one.left} y={bottom - 8} anchor="start">
          {one.text}
        </Text>
      ))}
    </>
  );
}
