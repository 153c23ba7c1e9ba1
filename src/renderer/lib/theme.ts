import type { Theme } from '#shared/model/settings.ts';

const KEY = 'asyncz-companion.theme';

/** Shows the theme, and remembers it for the next start of this window. */
export function showTheme(theme: Theme): void {
	document.documentElement.dataset['theme'] = theme;
	localStorage.setItem(KEY, theme);
}

/**
 * Shows the theme of the last time at once. The settings are the engine's and come a moment later:
 * without this the window would flash in the other theme.
 */
export function showLastTheme(): void {
	document.documentElement.dataset['theme'] = localStorage.getItem(KEY) ?? 'system';
}
