import { AppError } from '#shared/errors.ts';
import type { StorageAbilities } from '#shared/model/storage.ts';
import type { RedisConnection, Reply } from './redis-connection.ts';
import { redisProblem } from './redis-problem.ts';

/** Streams came with it. */
const OLDEST_VERSION = 5;

/**
 * Asks a server what it is and keeps: what it does not allow to be asked stays unknown. Rejects
 * where the stream can't be one there: the key is of another type, the server too old.
 */
export async function findAbilities(connection: RedisConnection): Promise<StorageAbilities> {
	const { place } = connection;
	const [type, about, save, fsync] = await connection.sendAll([
		['TYPE', place.key],
		['INFO'],
		['CONFIG', 'GET', 'save'],
		['CONFIG', 'GET', 'appendfsync'],
	]);
	const facts = factsOf(about);
	const version = facts.get('redis_version');
	if (version !== undefined && Number.parseInt(version, 10) < OLDEST_VERSION) {
		throw new AppError(
			'storage-failed',
			`${place.server} is version ${version}; streams need Redis 5.0 or newer.`,
		);
	}
	const keyType = textOf(type);
	if (type instanceof Error) {
		throw type;
	}
	if (keyType !== 'stream' && keyType !== 'none') {
		throw redisProblem(new Error('WRONGTYPE'), place);
	}
	const kept = keeps(place.server, facts, settingOf(save), settingOf(fsync));
	const hints = [...kept.hints, ...evictionHints(place.server, place.key, facts)];
	const primary = `${facts.get('master_host') ?? ''}:${facts.get('master_port') ?? ''}`;
	const isReplica = facts.get('role') === 'slave' && facts.get('slave_read_only') !== '0';
	return {
		durability: kept.durability,
		delivery: 'at-least-once',
		follows: 'push',
		isShared: true,
		...(isReplica
			? {
					readOnly: `${place.server} is a read-only replica: entries can be stored only at its primary, ${primary}. Use that address.`,
				}
			: {}),
		...(hints.length === 0 ? {} : { hints }),
	};
}

type Facts = ReadonlyMap<string, string>;

/** No more is promised than is known. */
function keeps(
	server: string,
	facts: Facts,
	save: string | undefined,
	fsync: string | undefined,
): { readonly durability: StorageAbilities['durability']; readonly hints: readonly string[] } {
	if (facts.get('aof_enabled') === '1') {
		const hint = `${server} writes to its disk ${fsync === 'no' ? 'whenever the system likes' : 'every second'}: what came after that is lost if it loses power. Set appendfsync to always if that matters.`;
		return {
			durability: 'server',
			hints: fsync === undefined || fsync === 'always' ? [] : [hint],
		};
	}
	if (facts.get('aof_enabled') === undefined || save === undefined) {
		const hint = `${server} does not allow to be asked what it keeps on its disk: look at its settings appendonly and save.`;
		return { durability: 'memory', hints: [hint] };
	}
	if (save === '') {
		const hint = `${server} keeps nothing on its disk: all entries are gone when it ends. Set appendonly to yes to keep them.`;
		return { durability: 'memory', hints: [hint] };
	}
	const hint = `${server} writes to its disk only now and then (save): what came since then is lost if it fails. Set appendonly to yes to keep it.`;
	return { durability: 'disk', hints: [hint] };
}

function evictionHints(server: string, key: string, facts: Facts): readonly string[] {
	const policy = facts.get('maxmemory_policy') ?? '';
	const isBounded = Number(facts.get('maxmemory') ?? 0) > 0;
	// Those that are volatile take only keys with an end, which the stream has not.
	return isBounded && policy.startsWith('allkeys-')
		? [
				`${server} removes whole keys when its memory is full (maxmemory-policy ${policy}), and ${key} may be one of them. Set it to noeviction.`,
			]
		: [];
}

/** `INFO`: lines of `name:value`, and headings. */
function factsOf(reply: Reply | AppError | undefined): Facts {
	const facts = new Map<string, string>();
	for (const line of (textOf(reply) ?? '').split('\r\n')) {
		const colon = line.indexOf(':');
		if (colon > 0) {
			facts.set(line.slice(0, colon), line.slice(colon + 1));
		}
	}
	return facts;
}

/** The value in an answer to `CONFIG GET`. */
function settingOf(reply: Reply | AppError | undefined): string | undefined {
	return Array.isArray(reply) ? textOf(reply[1] as Reply) : undefined;
}

function textOf(reply: Reply | AppError | undefined): string | undefined {
	return typeof reply === 'string' ? reply : undefined;
}
