import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, linkSync, lstatSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { connect } from 'node:net';
import type { Server } from 'node:net';
import { dirname } from 'node:path';
import { AppError, messageOf } from '#shared/errors.ts';
import { codeOf, isCode } from '../error-code.ts';

/** A name for the moment before a socket is private: two characters, since paths are short. */
const SUFFIXES = 36 ** 2;
const ATTEMPTS = 20;

/**
 * Listens on a unix socket that nobody but this user can reach: in a folder of theirs alone, with
 * mode 0600 before it gets its name, and without ever taking a name that is in use. A socket that
 * a dead process of theirs left is removed. Returns how to remove the file again, which is done
 * only while it is still this one. Rejects with a sentence.
 */
export async function listenPrivately(server: Server, path: string): Promise<() => void> {
	checkFolder(dirname(path));
	await removeLeftover(path);
	const temporary = await listenSomewhere(server, path);
	try {
		chmodSync(temporary, 0o600);
		giveName(temporary, path);
	} catch (error) {
		server.close();
		throw isCode(error, 'EEXIST') ? inUse(path) : error;
	}
	const own = lstatSync(path);
	return () => {
		const found = lstatSync(path, { throwIfNoEntry: false });
		if (found !== undefined && isSame(found, own)) {
			unlinkSync(path);
		}
	};
}

function checkFolder(folder: string): void {
	let status = lstatSync(folder, { throwIfNoEntry: false });
	if (status === undefined) {
		try {
			mkdirSync(folder, { mode: 0o700 });
		} catch (error) {
			throw refusal(`${folder} could not be made for the socket: ${messageOf(error)}`);
		}
		status = lstatSync(folder);
	}
	if (!status.isDirectory()) {
		throw refusal(`${folder} has to be a folder, not a link or a file, to hold a socket`);
	}
	if (!isOurs(status)) {
		throw refusal(`${folder} belongs to another user, so no socket is put there`);
	}
	if ((status.mode & 0o077) !== 0) {
		throw refusal(
			`${folder} is open to others, so no socket is put there. Use a folder of your own: chmod 700 ${folder}`,
		);
	}
}

async function removeLeftover(path: string): Promise<void> {
	const found = lstatSync(path, { throwIfNoEntry: false });
	if (found === undefined) {
		return;
	}
	if (!found.isSocket()) {
		throw refusal(`${path} is there already and is no socket. Remove it, or choose another path`);
	}
	if (!isOurs(found)) {
		throw refusal(`${path} is a socket of another user, so it is left alone`);
	}
	const code = await probe(path);
	if (code === undefined) {
		throw inUse(path);
	}
	if (code !== 'ECONNREFUSED') {
		throw refusal(`${path} is a socket that may be in use (${code}), so it is left alone`);
	}
	const now = lstatSync(path, { throwIfNoEntry: false });
	// Another instance may have done the same since, and be listening by now; the number of a file
	// that was removed is soon given to the next one.
	if (now !== undefined && isSame(now, found) && now.ctimeMs === found.ctimeMs) {
		unlinkSync(path);
	}
}

/** Why nobody can be reached there; `undefined` if somebody can. */
function probe(path: string): Promise<string | undefined> {
	return new Promise((resolve) => {
		const socket = connect(path);
		socket.once('connect', () => {
			socket.destroy();
			resolve(undefined);
		});
		socket.once('error', (error) => resolve(codeOf(error) ?? messageOf(error)));
	});
}

/**
 * The system gives a new socket to others for a moment, as its umask says, and Node removes the
 * path it listened on whoever has it by then: both are kept from the path that clients know.
 */
async function listenSomewhere(server: Server, path: string): Promise<string> {
	for (let attempt = 1; ; attempt++) {
		const temporary = `${path}.${randomInt(SUFFIXES).toString(36).padStart(2, '0')}`;
		try {
			server.listen({ path: temporary });
			await once(server, 'listening');
			return temporary;
		} catch (error) {
			if (!isCode(error, 'EADDRINUSE') || attempt === ATTEMPTS) {
				throw error;
			}
		}
	}
}

/** Gives a socket its path, unless that is taken. */
function giveName(temporary: string, path: string): void {
	try {
		linkSync(temporary, path);
	} catch (error) {
		if (isCode(error, 'EEXIST') || lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
			throw error;
		}
		renameSync(temporary, path); // a file system without links
		return;
	}
	unlinkSync(temporary);
}

function isOurs(status: Stats): boolean {
	return status.uid === process.getuid?.();
}

function isSame(one: Stats, other: Stats): boolean {
	return one.dev === other.dev && one.ino === other.ino;
}

function inUse(path: string): AppError {
	return refusal(
		`Another AsyncZ Companion listens at ${path} already, and goes on doing so; this one does not`,
	);
}

function refusal(sentence: string): AppError {
	return new AppError('not-allowed', `${sentence}.`);
}
