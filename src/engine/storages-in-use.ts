import type { StorageTest } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import type { StorageSettings } from '#shared/model/settings.ts';
import { storageName, withoutPassword } from '#shared/model/storage-address.ts';
import type { StorageAbilities, StorageInfo, StorageNumbers } from '#shared/model/storage.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';
import { Throttle } from './throttle.ts';

const EVENT_MS = 250;

/** What the local database is good for. */
const LOCAL_ABILITIES: StorageAbilities = {
	durability: 'disk',
	delivery: 'once',
	follows: 'own-only',
	isShared: false,
};

/** The storages that are in use: the one that is asked, and those that receive everything as well. */
export class StoragesInUse {
	readonly #local: SegmentStorage;
	readonly #news: Throttle;
	#choice: Pick<StorageSettings, 'active' | 'mirrors'> = { active: 'sqlite', mirrors: [] };
	#told = '';

	/** `onChange` is told how all of them are doing, at most four times a second, and only news. */
	constructor({
		local,
		onChange,
	}: {
		readonly local: SegmentStorage;
		readonly onChange: (storages: readonly StorageInfo[]) => void;
	}) {
		this.#local = local;
		this.#news = new Throttle(EVENT_MS, () => {
			const { infos } = this;
			const text = JSON.stringify(infos);
			if (text !== this.#told) {
				this.#told = text;
				onChange(infos);
			}
		});
	}

	/** The active one first, then the mirrors. */
	get infos(): readonly StorageInfo[] {
		const { active, mirrors } = this.#choice;
		return [
			this.#info(active, 'active'),
			...mirrors.map((address) => this.#info(address, 'mirror')),
		];
	}

	/** Uses these from now on. */
	use(choice: StorageSettings): void {
		this.#choice = choice;
		this.changed();
	}

	/** Something is to be told of one of them. */
	changed(): void {
		this.#news.call();
	}

	/** Opens a storage, looks at it and closes it again, see `EngineApi.testStorage`. */
	async test(text: string, _password?: string): Promise<StorageTest> {
		try {
			const { address } = parseStorageAddress(text);
			return address.kind === 'sqlite'
				? {
						ok: true,
						message: 'The database in the data folder is open.',
						abilities: LOCAL_ABILITIES,
						stats: this.#localNumbers(),
					}
				: { ok: false, message: `${storageName(address)} can't be opened by this version.` };
		} catch (error) {
			return { ok: false, message: messageOf(error) };
		}
	}

	close(): void {
		this.#news.stop();
	}

	#info(address: string, role: StorageInfo['role']): StorageInfo {
		const shared = { address, role, waiting: 0, missed: 0 };
		if (address === 'sqlite') {
			return {
				...shared,
				kind: 'sqlite',
				name: 'SQLite',
				condition: 'ready',
				abilities: LOCAL_ABILITIES,
				stats: this.#localNumbers(),
			};
		}
		try {
			const { address: known } = parseStorageAddress(address);
			return { ...shared, kind: known.kind, name: storageName(known), condition: 'connecting' };
		} catch (error) {
			// Only a settings file that was edited by hand has such.
			const name = withoutPassword(address);
			const message = messageOf(error);
			return { ...shared, kind: 'custom', name, condition: 'failed', message };
		}
	}

	#localNumbers(): StorageNumbers {
		const { size, appended, dropped, bytes } = this.#local.stats();
		return { size, appended, dropped, bytes };
	}
}
