import type { StorageAbilities, StorageInfo } from '#shared/model/storage.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';

/** What the local database is good for. */
const LOCAL_ABILITIES: StorageAbilities = {
	durability: 'disk',
	delivery: 'once',
	follows: 'own-only',
	isShared: false,
};

/** How the local database is doing, as storages are shown. */
export function localInfo(local: SegmentStorage): Pick<StorageInfo, 'abilities' | 'stats'> {
	const { size, appended, dropped, bytes } = local.stats();
	return { abilities: LOCAL_ABILITIES, stats: { size, appended, dropped, bytes } };
}
