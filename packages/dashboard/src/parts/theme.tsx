import { useState } from 'preact/hooks';

const STORED = 'drumline.theme';
type Theme = 'auto' | 'light' | 'dark';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const SIGNS: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' };

/** Applies the colors that the reader has chosen before. */
export function applyTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  const theme = stored === 'light' || stored === 'dark' ? stored : 'auto';
  document.documentElement.dataset['theme'] = theme;
  return theme;
}

export function ThemeButton() {
  const [theme, setTheme] = useState(applyTheme);
  const change = (): void => {
    localStorage.setItem(STORED, NEXT[theme]);
    setTheme(applyTheme());
    dispatchEvent(new Event('theme-change'));
  };
  return (
    <button type="button" aria-label={`Colors: ${theme}`} title={`Colors: ${theme}`} onClick={change}>
      {SIGNS[theme]}
    </button>
  );
}
