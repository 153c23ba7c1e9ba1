import { AppError } from '#shared/errors.ts';
import type { RedisConnection, Reply } from './redis-connection.ts';

/** More names than these help nobody to find the one that was meant. */
const MOST_NAMES = 5;

/** A server may have many keys: so many of them are looked at, so many at once. */
const MOST_KEYS = 20_000;
const KEYS_AT_ONCE = 1_000;

/** Rejects with a sentence where there is no stream to be read, which names some that are there. */
export async function checkStream(connection: RedisConnection): Promise<void> {
	const { server, key, db } = connection.place;
	if ((await connection.send(['EXISTS', key])) !== 0) {
		return;
	}
	// Who may not look at other keys is told less.
	const names = await findStreams(connection).catch(() => []);
	const shown = names.slice(0, MOST_NAMES).join(', ');
	throw new AppError(
		'storage-failed',
		`There is no stream ${key} in the database ${db} of ${server}. ${
			names.length === 0
				? 'Correct its key or the database, or wait until a node has written to it.'
				: `Streams there: ${shown}${names.length > MOST_NAMES ? ' and more' : ''}. Name one with key=…`
		}`,
	);
}

async function findStreams(connection: RedisConnection): Promise<readonly string[]> {
	const names = new Set<string>();
	let cursor: Reply = '0';
	for (let looked = 0; looked < MOST_KEYS && names.size <= MOST_NAMES; looked += KEYS_AT_ONCE) {
		const scan = ['SCAN', cursor, 'COUNT', String(KEYS_AT_ONCE), 'TYPE', 'stream'];
		const answer: Reply = await connection.send(scan);
		const [next, keys] = Array.isArray(answer) ? (answer as readonly Reply[]) : [];
		for (const name of Array.isArray(keys) ? (keys as readonly Reply[]) : []) {
			names.add(String(name));
		}
		cursor = String(next ?? '0');
		if (cursor === '0') {
			break;
		}
	}
	return [...names].toSorted();
}
