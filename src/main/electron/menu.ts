import { basename, dirname } from 'node:path';
import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { Settings, Theme } from '#shared/model/settings.ts';

/** What the menu can do. */
export interface MenuActions {
	readonly open: () => void;
	readonly openRecent: (path: string) => void;
	readonly setTheme: (theme: Theme) => void;
}

const THEMES: readonly (readonly [Theme, string])[] = [
	['system', 'System'],
	['light', 'Light'],
	['dark', 'Dark'],
];

/** Sets the application's menu, as the settings want it. */
export function setMenu(settings: Pick<Settings, 'theme' | 'recent'>, actions: MenuActions): void {
	const isMac = process.platform === 'darwin';
	Menu.setApplicationMenu(
		Menu.buildFromTemplate([
			...(isMac ? [{ role: 'appMenu' } as const] : []),
			{
				label: '&File',
				submenu: [
					{ label: '&Open…', accelerator: 'CmdOrCtrl+O', click: actions.open },
					{ label: 'Open &Recent', submenu: recentItems(settings.recent, actions.openRecent) },
					{ type: 'separator' },
					{ role: 'close', label: '&Close Window' },
					...(isMac ? [] : [{ role: 'quit' } as const]),
				],
			},
			{ role: 'editMenu' },
			{
				label: '&View',
				submenu: [
					{
						label: '&Theme',
						submenu: THEMES.map(([theme, label]) => ({
							label,
							type: 'radio',
							checked: settings.theme === theme,
							click: () => actions.setTheme(theme),
						})),
					},
					{ type: 'separator' },
					{ role: 'zoomIn', label: 'Zoom &In' },
					{ role: 'zoomOut', label: 'Zoom &Out' },
					{ role: 'resetZoom', label: 'Actual &Size' },
					{ type: 'separator' },
					{ role: 'reload' },
					{ role: 'toggleDevTools', label: '&Developer Tools' },
				],
			},
			{ role: 'windowMenu' },
			{ role: 'help', submenu: [{ role: 'about', label: 'About AsyncZ Companion' }] },
		]),
	);
}

function recentItems(
	recent: readonly string[],
	open: (path: string) => void,
): MenuItemConstructorOptions[] {
	if (recent.length === 0) {
		return [{ label: 'No recent files', enabled: false }];
	}
	return recent.map((path) => ({
		// `&` would mark the letter after it as a shortcut.
		label: `${basename(path)} — ${dirname(path)}`.replaceAll('&', '&&'),
		click: () => open(path),
	}));
}
