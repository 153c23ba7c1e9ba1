/** Names on which the page's half and the test meet. */
export const BINDING = '__electronStandIn';
const HOOK = 'electron-stand-in';

/**
 * The script that runs in a page before its own: the built preload, with a `require('electron')`
 * of the three things a preload uses. There is one world only, so contexts are not isolated; what
 * crosses is copied all the same.
 */
export function preloadScript(preload: string): string {
	return `
	if (window === window.top) {
		const send = window.${BINDING};
		delete window.${BINDING};
		const listeners = [];
		const paths = new Map();
		const hook = {
			receive: (channel, json) => {
				const args = JSON.parse(json);
				for (const entry of listeners) {
					if (entry.channel === channel) entry.listener({}, ...args);
				}
			},
			knowPath: (name, path) => paths.set(name, path),
		};
		Object.defineProperty(window, Symbol.for('${HOOK}'), { value: hook });
		const electron = {
			ipcRenderer: {
				send: (channel, ...args) => void send(channel, JSON.stringify(args)),
				on: (channel, listener) => void listeners.push({ channel, listener }),
			},
			contextBridge: {
				exposeInMainWorld: (name, api) =>
					Object.defineProperty(window, name, { value: Object.freeze({ ...api }), enumerable: true }),
			},
			webUtils: { getPathForFile: (file) => paths.get(file.name) ?? '' },
		};
		const require = (name) => {
			if (name === 'electron') return electron;
			throw new Error('A sandboxed preload cannot require ' + name);
		};
		((require, module, exports) => {
			${preload}
		})(require, { exports: {} }, {});
	}`;
}

interface Hook {
	receive(channel: string, json: string): void;
	knowPath(name: string, path: string): void;
}

/** Run in the page: hands over a message of the main process. */
export function receiveInPage([channel, json]: readonly [string, string]): void {
	const hook = Reflect.get(window, Symbol.for('electron-stand-in')) as Hook | undefined;
	hook?.receive(channel, json);
}

/** Run in the page: a file of this name, when it is dropped, lies at `path`. */
export function knowPathInPage([name, path]: readonly [string, string]): void {
	const hook = Reflect.get(window, Symbol.for('electron-stand-in')) as Hook | undefined;
	hook?.knowPath(name, path);
}
