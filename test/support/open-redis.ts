import { RedisLogStorage } from '#engine/storages/redis/redis-log-storage.ts';
import type { StorageUse } from '#engine/storages/storage-use.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import type { RedisServer } from './redis-server.ts';

/** Opens the storage at a server. `options` of the address: `?key=logs&maxlen=100`. */
export async function openRedis(
	server: RedisServer,
	options = '',
	password?: string,
	use?: StorageUse,
): Promise<RedisLogStorage> {
	return await openRedisAt(server.address(options), password, use);
}

/** Opens the storage at an address of any server. */
export async function openRedisAt(
	text: string,
	password?: string,
	use?: StorageUse,
): Promise<RedisLogStorage> {
	const { address } = parseStorageAddress(text);
	if (address.kind !== 'redis') {
		throw new Error(`${text} is no address of Redis`);
	}
	return await RedisLogStorage.open(address, password, use);
}
