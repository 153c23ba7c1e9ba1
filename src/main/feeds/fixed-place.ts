import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { FeedAddress } from '#shared/model/feed-address.ts';

/**
 * Where this user's companion listens and clients look for it: a socket in `$XDG_RUNTIME_DIR` if
 * that is a folder of this user alone, else in a folder of `/tmp` that has the user's number in its
 * name; on Windows a named pipe with the user's name. The Python package looks in the same place.
 */
export function fixedPlace(
	env: Readonly<Record<string, string | undefined>> = process.env,
	platform: NodeJS.Platform = process.platform,
): FeedAddress {
	if (platform === 'win32') {
		return { type: 'pipe', name: `asyncz-companion-${userInfo().username}` };
	}
	const uid = process.getuid?.() ?? 0;
	const runtime = env['XDG_RUNTIME_DIR'];
	const folder =
		runtime !== undefined && isAbsolute(runtime) && isOwnAlone(runtime, uid)
			? join(runtime, 'asyncz-companion')
			: `/tmp/asyncz-companion-${uid}`;
	return { type: 'unix', path: join(folder, 'feed.sock') };
}

function isOwnAlone(folder: string, uid: number): boolean {
	const status = statSync(folder, { throwIfNoEntry: false });
	return status?.isDirectory() === true && status.uid === uid && (status.mode & 0o777) === 0o700;
}
