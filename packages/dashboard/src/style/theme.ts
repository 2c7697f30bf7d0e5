/** The colors of the page. The build makes the style sheet of them; charts as pictures use them. */
export const LIGHT = {
  page: '#f5f6f8',
  card: '#ffffff',
  text: '#161b22',
  muted: '#57606a',
  line: '#e3e6ea',
  grid: '#eceef1',
  soft: '#f0f2f5',
  good: '#0f7a45',
  'good-soft': '#e2f4ea',
  bad: '#c4262e',
  'bad-soft': '#fdeaea',
  warn: '#7a5000',
  'warn-soft': '#fff5dc',
  'warn-line': '#e8c46a',
  blue: '#2f62e0',
  'blue-fill': '#2f62e01f',
  red: '#d0313a',
  'red-fill': '#d0313a40',
  teal: '#0d8f82',
  amber: '#b86e00',
  violet: '#7c3fd0',
  'violet-fill': '#7c3fd01c',
  partial: '#57606a24',
  'pin-1': '#b5179e',
  'pin-2': '#3a7d00',
  'pin-3': '#00749e',
  'pin-4': '#8a4b00',
  'pin-5': '#5f6300',
} as const;

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  page: '#0d1117',
  card: '#161b22',
  text: '#e6edf3',
  muted: '#9da7b3',
  line: '#2b323b',
  grid: '#232a32',
  soft: '#1f262e',
  good: '#4cd08c',
  'good-soft': '#12301f',
  bad: '#ff7f78',
  'bad-soft': '#3a1719',
  warn: '#f0c766',
  'warn-soft': '#2b2412',
  'warn-line': '#6b5518',
  blue: '#79a6ff',
  'blue-fill': '#79a6ff26',
  red: '#ff7f78',
  'red-fill': '#ff7f7850',
  teal: '#45d1bf',
  amber: '#f0b04f',
  violet: '#b794ff',
  'violet-fill': '#b794ff24',
  partial: '#9da7b330',
  'pin-1': '#ff8ae2',
  'pin-2': '#8fdc5a',
  'pin-3': '#5cd0ff',
  'pin-4': '#e0a96d',
  'pin-5': '#d5d867',
};

/** Tones of pictures: an attribute has the light color, and the style sheet the current one. */
const TONES = [
  'blue',
  'red',
  'teal',
  'amber',
  'violet',
  'good',
  'muted',
  'grid',
  'pin-1',
  'pin-2',
  'pin-3',
  'pin-4',
  'pin-5',
] as const;
export type Tone = (typeof TONES)[number];

/** The style sheet of the colors. Paper is always light. */
export function themeCss(): string {
  const values = (colors: Readonly<Record<string, string>>): string =>
    Object.entries(colors)
      .map(([name, color]) => `--${name}:${color};`)
      .join('');
  const dark = `color-scheme:dark;${values(DARK)}`;
  const tones = TONES.map((tone) => `.s-${tone}{stroke:var(--${tone})}.f-${tone}{fill:var(--${tone})}`);
  return [
    `:root{color-scheme:light;${values(LIGHT)}}`,
    `@media screen{:root[data-theme='dark']{${dark}}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme]){${dark}}}`,
    ...tones,
  ].join('\n');
}
