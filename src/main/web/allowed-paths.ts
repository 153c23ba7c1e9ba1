import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { EngineApi } from '#shared/api/engine.ts';
import { AppError } from '#shared/errors.ts';
import type { SourceConfig } from '#shared/model/source.ts';
import { isInside } from '../complete-path.ts';

/** What the browser may open. */
export interface AllowedPaths {
	/** Folders, with their links resolved; at least one. Relative paths count from the first. */
	readonly folders: readonly string[];
	/**
	 * Files, folders and patterns that may be opened wherever they are, links resolved: the sample,
	 * those of the command line.
	 */
	readonly files: readonly string[];
}

/** The engine as a browser may use it: files are opened inside the allowed folders only. */
export function restrictSources(engine: EngineApi, allowed: AllowedPaths): EngineApi {
	return {
		...engine,
		openSource: async (config) => engine.openSource(await allowedConfig(config, allowed)),
		reopenSource: async ({ id, config }) =>
			engine.reopenSource(
				config === undefined ? { id } : { id, config: await allowedConfig(config, allowed) },
			),
	};
}

/** What was checked is what is opened, not what a link may point to a moment later. */
async function allowedConfig(
	config: SourceConfig,
	{ folders, files }: AllowedPaths,
): Promise<SourceConfig> {
	const named = resolve(folders[0] ?? '', config.path);
	if (config.type === 'glob' && named.includes('{')) {
		// `{a,.}{b,.}/` is a way up that no check of the text would see.
		throw new AppError(
			'not-allowed',
			`${named} has braces, which a browser may not use: a pattern has *, **, ? and [ ].`,
		);
	}
	const path = await realpathOf(named);
	if (!files.includes(path) && !isInside(path, folders)) {
		throw new AppError(
			'not-allowed',
			`${named} is outside the folders the browser may open files from ` +
				`(${folders.join(', ')}). To allow it, start with --allow ${dirname(path)}`,
		);
	}
	return { ...config, path };
}

/**
 * The path with its links resolved; where a file does not exist, those of the folders above it.
 * So the answer for a folder that is not allowed never tells whether a file is in it.
 */
export async function realpathOf(path: string): Promise<string> {
	try {
		return await realpath(path);
	} catch {
		const parent = dirname(path);
		return parent === path ? path : join(await realpathOf(parent), basename(path));
	}
}
