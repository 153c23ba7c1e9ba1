import type { Retention } from '#shared/model/settings.ts';

/** The entry files of the storage's threads. */
export interface StorageThreads {
	readonly query: URL;
	readonly writer: URL;
	readonly scan: URL;
}

/** Who wants to know how the storage is doing. */
export interface StorageListener {
	/** Something can be asked for that could not before, or no longer can. */
	readonly onChange: () => void;
	/** The disk refuses: reading waits, and goes on by itself. `undefined`: it works again. */
	readonly onBlocked: (message: string | undefined) => void;
}

/** What the user has decided about keeping history. */
export interface StoragePolicy {
	readonly keepsText: boolean;
	readonly retention: Retention;
}
