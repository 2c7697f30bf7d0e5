import type { ComponentChildren } from 'preact';
import { LIGHT, type Tone } from '../style/theme.js';

/** The edges of the lines in a picture. */
export const PLOT = { left: 62, top: 10, right: 618, bottom: 174 };
export const FONT_SIZE = 11;

export interface Scales {
  readonly x: (second: number) => number;
  readonly y: (value: number) => number;
}

interface StrokeProps {
  readonly tone: Tone;
  readonly path: string;
  readonly dash?: string | undefined;
  readonly width?: number;
}

export function Stroke({ tone, path, dash, width = 1 }: StrokeProps) {
  return (
    <path
      class={`s-${tone}`}
      stroke={LIGHT[tone]}
      stroke-width={width}
      stroke-dasharray={dash}
      fill="none"
      d={path}
    />
  );
}

interface TextProps {
  readonly tone: Tone;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
  readonly children: ComponentChildren;
}

export function Text({ tone, x, y, anchor, children }: TextProps) {
  return (
    <text
      x={round(x)}
      y={round(y)}
      text-anchor={anchor}
      font-family="system-ui, sans-serif"
      font-size={FONT_SIZE}
      class={`f-${tone}`}
      fill={LIGHT[tone]}
    >
      {children}
    </text>
  );
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
