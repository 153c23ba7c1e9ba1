import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { AppError } from '#shared/errors.ts';

/** One file of the renderer, as it is served. */
export interface StaticFile {
	readonly type: string;
	readonly body: Uint8Array<ArrayBuffer>;
}

const TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.woff2': 'font/woff2',
};

/**
 * Reads the built renderer into a map from URL path to file; `/` is `index.html`. A request can
 * only ever name a key of this map, so there is no path to escape from. Files of other types than
 * a page needs are left out. Throws a sentence when there is no renderer.
 */
export function loadStaticFiles(folder: string): ReadonlyMap<string, StaticFile> {
	const files = new Map<string, StaticFile>();
	for (const path of listFiles(folder)) {
		const type = TYPES[extname(path)];
		if (type !== undefined) {
			const key = `/${relative(folder, path).split(sep).join('/')}`;
			files.set(key, { type, body: Uint8Array.from(readFileSync(path)) });
		}
	}
	const index = files.get('/index.html');
	if (index === undefined) {
		throw new AppError('internal', `The app is not built: there is no index.html in ${folder}`);
	}
	files.set('/', index);
	return files;
}

function listFiles(folder: string): string[] {
	try {
		return readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name));
	} catch {
		return []; // reported by the caller: no index.html
	}
}
