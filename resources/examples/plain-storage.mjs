// A storage of one's own, explained in docs/storages.md: in memory, and in a file for restarts.
import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';

/** `place` is set by check-storage: a path where nothing is yet. */
export async function openStorage({ place = `${homedir()}/plain-storage` }) {
	const file = `${place}.log`;
	const handle = await open(file, 'a+');
	const text = await handle.readFile('utf8');
	// What follows the last line end was torn by a crash: nobody was told that it is stored.
	const whole = text.slice(0, text.lastIndexOf('\n') + 1);
	const lines = whole.split('\n').slice(0, -1);
	const entries = lines.map((line, index) => numbered(JSON.parse(line), index + 1));
	let size = Buffer.byteLength(whole);
	const followers = new Set();
	let isClosed = false;
	const checkOpen = () => assert(!isClosed, `The storage ${file} is closed: open it again.`);
	return {
		abilities: { durability: 'disk', delivery: 'at-least-once', follows: 'push', isShared: false },
		async append(batch) {
			checkOpen();
			const added = Buffer.from(batch.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
			// Also what is left of a batch that failed.
			await handle.truncate(size);
			await handle.appendFile(added);
			await handle.datasync();
			size += added.length;
			const stored = batch.map((entry, index) => numbered(entry, entries.length + index + 1));
			entries.push(...stored);
			followers.forEach((follower) => follower.onEntries(stored));
		},
		async query({ matches, order, limit, before }) {
			checkOpen();
			const all = entries.toReversed();
			all.sort((one, other) => (order === 'time' ? other.ts - one.ts : 0));
			const from = before === undefined ? 0 : all.findIndex(({ id }) => id === before.id) + 1;
			const found = all.slice(from).filter(matches);
			return { entries: found.slice(0, limit), isEnd: found.length <= limit };
		},
		async stats() {
			checkOpen();
			return { size: entries.length };
		},
		async follow(follower) {
			checkOpen();
			followers.add(follower);
			return async () => void followers.delete(follower);
		},
		async close() {
			followers.clear();
			isClosed = true;
			await handle.close();
		},
	};
}

const numbered = (entry, seq) => ({ ...entry, id: String(seq), seq });
