import { spawnSync } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	renameSync,
	readdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listenPrivately } from '#feeds/listen/private-socket.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { connectTo } from '../feed-rig.ts';

function newServer(): Server {
	const server = createServer();
	onTestFinished(() => void server.close());
	return server;
}

const listenIn = (folder: string) => listenPrivately(newServer(), join(folder, 'feed.sock'));

/** Leaves the socket file of a process that was killed while it listened. */
function leaveDeadSocket(path: string): void {
	const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
	const { signal } = spawnSync(process.execPath, ['-e', script]);
	expect([signal, existsSync(path)]).toEqual(['SIGKILL', true]);
}

test('the socket is private, in a folder that is made private, and leaves nothing behind', async () => {
	const folder = join(temporaryFolder(), 'new');
	const path = join(folder, 'feed.sock');
	const server = newServer();
	const remove = await listenPrivately(server, path);
	expect(lstatSync(folder).mode & 0o777).toBe(0o700);
	expect(lstatSync(path).mode & 0o777).toBe(0o600);
	expect(readdirSync(folder)).toEqual(['feed.sock']);
	expect((await connectTo(path)).isClosed).toBe(false);
	remove();
	expect(readdirSync(folder)).toEqual([]);
});

test('the socket that a dead process left is removed', async () => {
	const path = join(temporaryFolder(), 'feed.sock');
	leaveDeadSocket(path);
	await listenPrivately(newServer(), path);
	expect((await connectTo(path)).isClosed).toBe(false);
});

test('a place where somebody listens is left to them', async () => {
	const path = join(temporaryFolder(), 'feed.sock');
	await listenPrivately(newServer(), path);
	const before = lstatSync(path).ino;
	await expect(listenPrivately(newServer(), path)).rejects.toThrow(
		`Another AsyncZ Companion listens at ${path} already, and goes on doing so; this one does not.`,
	);
	expect(lstatSync(path).ino).toBe(before);
});

test('of many that start at once above a dead socket, one listens and the others say so', async () => {
	const folder = temporaryFolder();
	const path = join(folder, 'feed.sock');
	leaveDeadSocket(path);
	const results = await Promise.allSettled(
		Array.from({ length: 10 }, () => listenPrivately(newServer(), path)),
	);
	expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
	expect(readdirSync(folder)).toEqual(['feed.sock']);
	expect((await connectTo(path)).isClosed).toBe(false);
});

test('a file, a link and a folder at its path are refused and stay', async () => {
	const folder = temporaryFolder();
	const path = join(folder, 'feed.sock');
	const make: readonly (() => void)[] = [
		() => writeFileSync(path, 'precious'),
		() => symlinkSync(join(folder, 'nowhere'), path),
		() => mkdirSync(path),
	];
	for (const put of make) {
		put();
		const before = lstatSync(path).ino;
		await expect(listenPrivately(newServer(), path)).rejects.toThrow(
			`${path} is there already and is no socket. Remove it, or choose another path.`,
		);
		expect(lstatSync(path).ino).toBe(before);
		rmSync(path, { recursive: true });
	}
});

test('a folder that others may enter, a link to one, and a missing one are refused', async () => {
	const base = temporaryFolder();
	const open = join(base, 'open');
	mkdirSync(open);
	chmodSync(open, 0o750);
	await expect(listenIn(open)).rejects.toThrow(
		`${open} is open to others, so no socket is put there. Use a folder of your own: chmod 700 ${open}.`,
	);
	const link = join(base, 'link');
	symlinkSync(base, link);
	await expect(listenIn(link)).rejects.toThrow(
		`${link} has to be a folder, not a link or a file, to hold a socket.`,
	);
	await expect(listenIn(join(base, 'none', 'none'))).rejects.toThrow(
		/could not be made for the socket: ENOENT/,
	);
	expect(readdirSync(open)).toEqual([]);
});

test('a socket file that is not ours any more stays when we stop', async () => {
	const folder = temporaryFolder();
	const path = join(folder, 'feed.sock');
	const first = newServer();
	const remove = await listenPrivately(first, path);
	renameSync(path, join(folder, 'away'));
	await listenPrivately(newServer(), path);
	remove();
	await new Promise((resolve) => first.close(resolve));
	expect((await connectTo(path)).isClosed).toBe(false);
});
