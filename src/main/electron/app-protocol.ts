import { protocol } from 'electron';
import { securityHeaders } from '../security-headers.ts';
import type { StaticFile } from '../static-files.ts';

const SCHEME = 'app';
const HOST = 'companion';

/** The one page there is. */
export const APP_URL = `${SCHEME}://${HOST}/`;

/** Makes `app:` a scheme like `https:`, with an origin of its own. Before the app is ready. */
export function registerAppScheme(): void {
	protocol.registerSchemesAsPrivileged([
		{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
	]);
}

/** Whether `url` belongs to this app. Schemes of one's own have no origin in Node: compare parts. */
export function isAppUrl(url: string): boolean {
	const parsed = URL.parse(url);
	return parsed?.protocol === `${SCHEME}:` && parsed.host === HOST;
}

/** Serves the renderer's files, and nothing else, under `app://companion/`. */
export function serveApp(files: ReadonlyMap<string, StaticFile>): void {
	const headers = securityHeaders("'self'");
	protocol.handle(SCHEME, (request) => {
		const url = URL.parse(request.url);
		if (request.method !== 'GET' || url === null || !isAppUrl(request.url)) {
			return new Response(undefined, { status: 403, headers });
		}
		const file = files.get(url.pathname);
		return file === undefined
			? new Response(undefined, { status: 404, headers })
			: new Response(file.body, { headers: { ...headers, 'Content-Type': file.type } });
	});
}
