import { app, session } from 'electron';
import type { WebContents } from 'electron';
import { APP_URL, isAppUrl } from './app-protocol.ts';

// Writing text to the clipboard is how "copy" works; a page cannot read it.
const PERMISSIONS: readonly string[] = ['clipboard-sanitized-write'];
const SCHEMES: readonly string[] = ['app:', 'devtools:'];

/** Denies what no page of this app needs: other addresses, permissions, devices. Once ready. */
export function restrictSession(): void {
	const { defaultSession } = session;
	defaultSession.webRequest.onBeforeRequest((details, callback) => {
		const scheme = URL.parse(details.url)?.protocol ?? '';
		callback({ cancel: !SCHEMES.includes(scheme) });
	});
	defaultSession.setPermissionRequestHandler((contents, permission, callback) => {
		callback(isPermitted(contents, permission));
	});
	defaultSession.setPermissionCheckHandler((contents, permission) =>
		isPermitted(contents, permission),
	);
	defaultSession.setDevicePermissionHandler(() => false);
}

/** Keeps every page where it is: no navigation, no new window, no webview. Before the first one. */
export function restrictContents(): void {
	app.on('web-contents-created', (_event, contents) => {
		contents.on('will-navigate', stay);
		contents.on('will-redirect', stay);
		contents.on('will-frame-navigate', stay);
		contents.on('will-attach-webview', (event) => event.preventDefault());
		contents.setWindowOpenHandler(() => ({ action: 'deny' }));
	});
}

function stay(details: { readonly url: string; preventDefault(): void }): void {
	if (details.url !== APP_URL) {
		details.preventDefault();
	}
}

function isPermitted(contents: WebContents | null, permission: string): boolean {
	return contents !== null && isAppUrl(contents.getURL()) && PERMISSIONS.includes(permission);
}
