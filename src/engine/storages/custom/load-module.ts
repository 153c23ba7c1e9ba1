import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError, messageOf } from '#shared/errors.ts';
import { codeOf } from '../lines/file-sentence.ts';

/** What a module's `openStorage` is called with. */
export interface ModuleOptions {
	/**
	 * Set while the storage is checked: a path, none of whose files is there yet. What is stored under
	 * it has nothing to do with what is stored elsewhere.
	 */
	readonly place?: string;
	/** What the user has given as the password for it, if anything. */
	readonly password?: string;
}

/** What a module has to export, by this name or as its default. */
export type OpenModule = (options: ModuleOptions) => unknown;

/**
 * Loads a module of the user: `.mjs`, `.js` or `.cjs`, and `.ts` where Node reads types away. One
 * that was changed since is loaded anew. Rejects with a sentence, `storage-failed`.
 */
export async function loadModule(path: string): Promise<OpenModule> {
	const { href } = pathToFileURL(path);
	const modified = await modifiedAt(path);
	const module = await importModule(`${href}?${modified}`, path);
	const found = functionIn(module, 'openStorage') ?? functionIn(module, 'default');
	const inner = (module as { readonly default?: unknown }).default;
	const open = found ?? functionIn(inner, 'openStorage');
	if (open === undefined) {
		throw failed(
			`${path} exports no function openStorage: add "export async function openStorage(options)", which returns the storage.`,
		);
	}
	return open;
}

/** How a module is called in sentences. */
export function moduleName(path: string): string {
	return `The storage module ${basename(path)}`;
}

async function modifiedAt(path: string): Promise<number> {
	try {
		const info = await stat(path);
		if (!info.isFile()) {
			throw failed(`${path} is a folder: name the module in it.`);
		}
		return info.mtimeMs;
	} catch (error) {
		if (error instanceof AppError) {
			throw error;
		}
		throw codeOf(error) === 'ENOENT'
			? failed(`There is no module ${path}: check its path.`)
			: failed(`${path} can't be read: ${messageOf(error)}.`);
	}
}

async function importModule(url: string, path: string): Promise<unknown> {
	try {
		return await import(/* @vite-ignore */ url);
	} catch (error) {
		const code = codeOf(error) ?? '';
		const reason = messageOf(error).replaceAll(/\?\d+(?:\.\d+)?/g, '');
		if (error instanceof SyntaxError || /^ERR_(?:INVALID|UNSUPPORTED)_TYPESCRIPT/.test(code)) {
			throw failed(`${path} is no valid JavaScript: ${reason}. Correct it.`);
		}
		if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
			throw failed(`${path} can't be read here: name a .mjs, .js or .cjs file.`);
		}
		if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
			throw failed(`${path} needs something that is not there: ${reason}. Install it beside it.`);
		}
		throw failed(`${path} failed while it was loaded: ${reason}`);
	}
}

function functionIn(value: unknown, name: string): OpenModule | undefined {
	const isHolder = (typeof value === 'object' || typeof value === 'function') && value !== null;
	const found: unknown = isHolder ? (value as Record<string, unknown>)[name] : undefined;
	return typeof found === 'function' ? (found as OpenModule) : undefined;
}

function failed(message: string): AppError {
	return new AppError('storage-failed', message);
}
