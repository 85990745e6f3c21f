/** Light or dark: the setting, or the system's choice when the setting is `system`. */

/** Puts the theme on the document; returns the function that stops following the system. */
export function applyTheme(theme: 'system' | 'light' | 'dark'): () => void {
  const root = document.documentElement;
  if (theme !== 'system') {
    root.dataset['theme'] = theme;
    return () => undefined;
  }
  const dark = globalThis.matchMedia('(prefers-color-scheme: dark)');
  const follow = (): void => {
    root.dataset['theme'] = dark.matches ? 'dark' : 'light';
  };
  follow();
  dark.addEventListener('change', follow);
  return () => dark.removeEventListener('change', follow);
}
