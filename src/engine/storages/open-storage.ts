import { AppError } from '#shared/errors.ts';
import { STORAGE_WINDOW } from '#shared/model/storage.ts';
import type { StorageAddress } from '#shared/model/storage-address.ts';
import type { LogStorage } from './log-storage.ts';
import type { StorageUse } from './storage-use.ts';

/** What a storage is opened with beside its address. */
export interface OpenStorageOptions {
	/** `undefined`: none is known. */
	readonly password?: string | undefined;
	/** `keep` if it is not said. */
	readonly use?: StorageUse;
}

/**
 * Opens the storage at an address: the one place that knows which class is behind which kind. Each
 * is loaded when it is used, and its driver with it. Rejects with a sentence, `storage-failed`.
 */
export async function openStorage(
	address: StorageAddress,
	options: OpenStorageOptions = {},
): Promise<LogStorage> {
	switch (address.kind) {
		case 'memory': {
			const { MemoryLogStorage } = await import('./memory/memory-log-storage.ts');
			return new MemoryLogStorage(address.maxlen);
		}
		case 'jsonl': {
			const { JsonlLogStorage } = await import('./jsonl/jsonl-log-storage.ts');
			return JsonlLogStorage.open(address.path, options.use);
		}
		case 'rotating': {
			const { RotatingFileLogStorage } = await import('./rotating/rotating-file-log-storage.ts');
			return RotatingFileLogStorage.open(address, options.use);
		}
		case 'redis': {
			const { RedisLogStorage } = await import('./redis/redis-log-storage.ts');
			return RedisLogStorage.open(address, options.password, options.use);
		}
		case 'custom': {
			const { CustomLogStorage } = await import('./custom/custom-log-storage.ts');
			const { password } = options;
			return CustomLogStorage.open(address.path, password === undefined ? {} : { password });
		}
		case 'postgres': {
			const { PostgresLogStorage } = await import('./postgres/postgres-log-storage.ts');
			return PostgresLogStorage.open({ ...options, address, password: options.password });
		}
		default:
			throw new AppError(
				'storage-failed',
				`This version can't open a storage of the kind ${address.kind}.`,
			);
	}
}

/** Over how many of its newest entries is computed what a storage does not answer by itself. */
export function windowOf(address: StorageAddress): number {
	return address.kind === 'memory' ? address.maxlen : STORAGE_WINDOW;
}
