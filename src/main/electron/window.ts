import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { APP_URL } from './app-protocol.ts';
import { loadBounds, placeWindow, saveBounds } from './window-bounds.ts';

/** Opens the app's window, where it was the last time, with a page that is a sandboxed web page. */
export function createWindow(options: {
	readonly dataFolder: string;
	readonly preload: string;
	readonly icon: string;
}): BrowserWindow {
	const boundsPath = join(options.dataFolder, 'window.json');
	const saved = loadBounds(boundsPath);
	const primary = screen.getPrimaryDisplay();
	const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
	const window = new BrowserWindow({
		...placeWindow(
			saved,
			[primary, ...others].map(({ workArea }) => workArea),
		),
		title: 'AsyncZ Companion',
		icon: options.icon,
		// The colour of the page to come: no flash of white in a dark room.
		backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1216' : '#ffffff',
		show: false,
		webPreferences: {
			preload: options.preload,
			sandbox: true,
			contextIsolation: true,
			nodeIntegration: false,
			webviewTag: false,
			spellcheck: false, // it would fetch dictionaries from the network
		},
	});
	if (saved?.maximized === true) {
		window.maximize();
	}
	window.once('ready-to-show', () => window.show());
	window.on('close', () => {
		saveBounds(boundsPath, { ...window.getNormalBounds(), maximized: window.isMaximized() });
	});
	// Rejects when the window is closed before its page is there.
	window.loadURL(APP_URL).catch(() => {});
	return window;
}
