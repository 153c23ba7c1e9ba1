import { lstat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { isInside } from '../complete-path.ts';
import type { PathAddress, StorageGuard } from '../storages/guard-storages.ts';
import { realpathOf } from './allowed-paths.ts';
import type { AllowedPaths } from './allowed-paths.ts';

/** What files of logs end with: nothing that a shell, an interpreter or a login reads. */
const LOG_FILES: readonly string[] = ['.jsonl', '.ndjson', '.log'];

/**
 * What the browser may use as a storage: files of logs inside the allowed folders, and no module.
 * `ownFolder` is the app's data folder, which is for nobody else to write in.
 */
export function allowedStorages(
	{ folders }: Pick<AllowedPaths, 'folders'>,
	options: { readonly ownFolder: string; readonly named: readonly string[] },
): StorageGuard {
	return {
		base: folders[0] ?? '',
		named: options.named,
		permit: (address) => permit(address, folders, options.ownFolder),
	};
}

async function permit(
	{ kind, path: named }: PathAddress,
	folders: readonly string[],
	ownFolder: string,
): Promise<string> {
	if (kind === 'custom') {
		throw refused(
			`A browser may not have the module ${named} run. To use it, start with --storage ${named}`,
		);
	}
	const path = await realpathOf(named);
	if (!isInside(path, folders)) {
		throw refused(
			`${named} is outside the folders the browser may use (${folders.join(', ')}). ` +
				`To allow it, start with --allow ${dirname(path)}`,
		);
	}
	if (isInside(path, [await realpathOf(ownFolder)])) {
		throw refused(`${named} is in the folder of the app's own data: choose another one.`);
	}
	if (!LOG_FILES.includes(extname(path).toLowerCase())) {
		throw refused(
			`${named} does not look like a log: a browser may only have files written that end with ${LOG_FILES.join(', ')}`,
		);
	}
	if (await isLink(path)) {
		throw refused(`${named} is a link to nowhere: remove it, or choose another name.`);
	}
	return path;
}

/** A link is left of a real path only where it leads nowhere: whoever writes it makes what it names. */
async function isLink(path: string): Promise<boolean> {
	try {
		return (await lstat(path)).isSymbolicLink();
	} catch {
		return false; // nothing is there yet
	}
}

function refused(message: string): AppError {
	return new AppError('not-allowed', message);
}
