import * as v from 'valibot';
import type { FeedsStatus } from '../model/feed.ts';
import type { Schemas } from '../rpc/rpc.ts';

/**
 * What only the host that started an engine may ask of it. It travels on the same channel as
 * `EngineApi`, under its own service name, and is never handed on to a renderer.
 */
export interface EngineControl {
	/**
	 * Takes the data folder, opens the storage and goes on with the remembered sources. Rejects
	 * with a sentence, `data-folder-in-use` when another engine holds the folder.
	 */
	open(params: { readonly data_folder: string }): Promise<void>;
	/**
	 * Tells how feeds are doing, all of them each time. A journal folder not seen before becomes a
	 * source.
	 */
	setFeeds(status: FeedsStatus): Promise<void>;
	/** Stops reading, finishes what runs and closes the storage; the process may then be ended. */
	close(params: Record<string, never>): Promise<void>;
}

export const controlSchemas: Schemas<EngineControl> = {
	open: v.strictObject({ data_folder: v.pipe(v.string(), v.minLength(1)) }),
	// It comes from our own host and is typed there.
	setFeeds: v.custom<FeedsStatus>((value) => typeof value === 'object' && value !== null),
	close: v.strictObject({}),
};

/** The names under which services share a channel (see `subChannel`). */
export const SERVICE = { engine: 'engine', control: 'control', host: 'host' } as const;
