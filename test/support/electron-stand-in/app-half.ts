/** What the test may ask of the process that plays Electron, spread over its parts. */
import { BrowserWindow } from './browser-window.ts';
import { emitPreventable } from './emitter.ts';
import { appHalf } from './link.ts';
import { Menu } from './menu.ts';
import type { AppHalf } from './protocol.ts';
import { answerRequest, isPermitted } from './session.ts';

function windowOf(id: number): BrowserWindow {
	const window = BrowserWindow.byId(id);
	if (window === undefined) {
		throw new Error(`There is no window ${id}`);
	}
	return window;
}

const complete: AppHalf = {
	request: answerRequest,
	message: (message) => BrowserWindow.byId(message.window)?.webContents.receive(message),
	mayNavigate: ({ window, url, isMainFrame }) => {
		const { webContents } = windowOf(window);
		const details = { url, isMainFrame };
		return (
			emitPreventable(webContents, 'will-frame-navigate', details) &&
			(!isMainFrame || emitPreventable(webContents, 'will-navigate', details))
		);
	},
	mayOpenWindow: ({ window, url }) => windowOf(window).webContents.mayOpenWindow(url),
	permissions: ({ window, names }) =>
		names.filter((name) => isPermitted(windowOf(window).webContents, name)),
	webPreferences: ({ window }) => windowOf(window).webPreferences,
	loaded: ({ window }) => {
		BrowserWindow.byId(window)?.emit('ready-to-show');
	},
	closeWindow: ({ window }) => windowOf(window).close(),
	setBounds: ({ window, bounds }) => windowOf(window).setBounds(bounds),
	menu: () => Menu.entries(),
	clickMenu: (path) => Menu.click(path),
};
Object.assign(appHalf, complete);
