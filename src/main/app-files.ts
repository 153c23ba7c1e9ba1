import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

/** Where the parts of the built app lie. */
export interface AppFiles {
	readonly version: string;
	readonly engine: URL;
	/** The receiver of feeds. */
	readonly feeds: URL;
	readonly preload: string;
	readonly renderer: string;
	readonly sample: string;
	/** The folder of the Python package. */
	readonly python: string;
	readonly icon: string;
}

/**
 * Finds the app's files from the URL of a built entry, `out/main/….js`. Only an entry knows its
 * place: shared code ends up in chunks one folder deeper.
 */
export function findAppFiles(entry: string): AppFiles {
	const path = (relative: string): string => fileURLToPath(new URL(relative, entry));
	const manifest: unknown = JSON.parse(readFileSync(path('../../package.json'), 'utf8'));
	return {
		version: v.parse(v.object({ version: v.string() }), manifest).version,
		engine: new URL('./engine.js', entry),
		feeds: new URL('./feeds.js', entry),
		preload: path('../preload/index.cjs'),
		renderer: path('../renderer'),
		sample: path('../../resources/samples/scheduler.jsonl'),
		python: path('../../resources/python'),
		icon: path('../../resources/icon.png'),
	};
}
