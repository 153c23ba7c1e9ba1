import { open, stat, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#shared/errors.ts';
import { codeOf } from '../lines/file-sentence.ts';

/** To rotate takes milliseconds: a lock that is older was left by somebody who was killed. */
const STALE_MS = 10_000;
const RETRY_MS = 10;

/**
 * Runs a task while no other process does so for the same path. The lock is a file that is there for
 * no longer than the task takes.
 */
export async function whileLocked<T>(path: string, task: () => Promise<T>): Promise<T> {
	const lock = `${path}.lock`;
	const end = performance.now() + 2 * STALE_MS;
	while (!(await take(lock))) {
		if (performance.now() > end) {
			throw new AppError(
				'storage-failed',
				`${path} can't be rotated: ${lock} is in the way. Remove it if no other program writes there.`,
			);
		}
		await sleep(RETRY_MS);
	}
	try {
		return await task();
	} finally {
		await remove(lock);
	}
}

async function take(lock: string): Promise<boolean> {
	try {
		await (await open(lock, 'wx')).close();
		return true;
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') {
			throw error;
		}
	}
	const found = await stat(lock).catch(() => undefined);
	if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) {
		await remove(lock);
	}
	return false;
}

async function remove(lock: string): Promise<void> {
	try {
		await unlink(lock);
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') {
			throw error;
		}
	}
}
