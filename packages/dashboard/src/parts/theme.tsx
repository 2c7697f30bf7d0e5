import { useState } from 'preact/hooks';

const STORED = 'drumline.theme';
type Theme = 'auto' | 'light' | 'dark';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const SIGNS: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' };

/** Applies the colors that the reader has chosen before. Without a choice, the system chooses. */
export function applyTheme(): void {
  apply(storedTheme());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}

export function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme);
  const change = (): void => {
    const next = NEXT[theme];
    store(next);
    apply(next);
    setTheme(next);
  };
  return (
    <button type="button" aria-label={`Colors: ${theme}`} title={`Colors: ${theme}`} onClick={change}>
      {SIGNS[theme]}
    </button>
  );
}

function apply(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'auto') delete dataset['theme'];
  else dataset['theme'] = theme;
  redraw();
}

function redraw(): void {
  dispatchEvent(new Event('theme-change'));
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORED);
    return stored === 'light' || stored === 'dark' ? stored : 'auto';
  } catch {
    // A page in a sandbox has no storage.
    return 'auto';
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // The choice then lasts as long as the page.
  }
}
