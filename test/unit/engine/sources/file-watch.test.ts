import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { FileWatch } from '#engine/sources/watch-file.ts';
import { FollowedFile, newFile, SOON } from './followed-file.ts';

/** Not ours: a watcher that tells nothing by itself. */
class SilentWatcher extends EventEmitter {
	static last: SilentWatcher | undefined;
	isClosed = false;
	async close(): Promise<void> {
		this.isClosed = true;
	}
}

vi.mock('chokidar', () => ({
	watch: () => {
		SilentWatcher.last = new SilentWatcher();
		return SilentWatcher.last;
	},
}));

beforeEach(() => {
	SilentWatcher.last = undefined;
});

describe('with a watcher that tells nothing', () => {
	test('a file is followed by looking at it', async () => {
		const path = newFile('a\n');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.appendFileSync(path, 'b\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b']]);
		fs.renameSync(path, `${path}.1`);
		fs.writeFileSync(path, 'x\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b'], ['x']]);
		fs.rmSync(path);
		await followed.untilState('missing');
		fs.writeFileSync(path, 'y\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b'], ['x'], ['y']]);
	});

	test('so it is with one that fails', async () => {
		const path = newFile('a\n');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		SilentWatcher.last?.emit(
			'error',
			Object.assign(new Error('no more watches'), { code: 'ENOSPC' }),
		);
		fs.appendFileSync(path, 'b\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b']]);
	});

	test('the watcher is closed in the end', async () => {
		const followed = new FollowedFile(newFile());
		await expect.poll(() => followed.progress, SOON).toBeDefined();
		await followed.stop();
		expect(SilentWatcher.last?.isClosed).toBe(true);
	});
});

describe('waiting', () => {
	const LONG = 1_000_000;

	test('ends with an event', async () => {
		const { watch } = waiting();
		const next = watch.next(LONG);
		SilentWatcher.last?.emit('all', 'change');
		expect(await next).toBeUndefined();
	});

	test('does not begin after an event that came before, which counts once', async () => {
		const { watch } = waiting();
		SilentWatcher.last?.emit('all', 'change');
		await watch.next(LONG);
		const begin = performance.now();
		await watch.next(30);
		expect(performance.now() - begin).toBeGreaterThan(25);
	});

	test('ends when it is aborted, and never begins again', async () => {
		const { abort, watch } = waiting();
		const next = watch.next(LONG);
		abort.abort();
		await next;
		expect(await watch.next(LONG)).toBeUndefined();
	});
});

function waiting() {
	const abort = new AbortController();
	const watch = new FileWatch('/nowhere/app.log', abort.signal);
	onTestFinished(() => watch.close());
	return { abort, watch };
}
