import { useState } from 'preact/hooks';

const STORED = 'drumline.theme';
type Theme = 'auto' | 'light' | 'dark';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const SIGNS: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' };

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
prefersDark.addEventListener('change', applyTheme);

/**
 * Applies the colors that the reader has chosen before, or those of the system.
 * @returns the choice
 */
export function applyTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  const theme = stored === 'light' || stored === 'dark' ? stored : 'auto';
  const isDark = theme === 'dark' || (theme === 'auto' && prefersDark.matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  dispatchEvent(new Event('theme-change'));
  return theme;
}

export function ThemeButton() {
  const [theme, setTheme] = useState(applyTheme);
  const change = (): void => {
    localStorage.setItem(STORED, NEXT[theme]);
    setTheme(applyTheme());
  };
  return (
    <button type="button" aria-label={`Colors: ${theme}`} title={`Colors: ${theme}`} onClick={change}>
      {SIGNS[theme]}
    </button>
  );
}
