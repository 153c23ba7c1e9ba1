import * as v from 'valibot';
import type { FeedsStatus } from '../model/feed.ts';
import { exportRequestSchema } from '../model/export.ts';
import type { ExportRequest, ExportStatus } from '../model/export.ts';
import { storageAddressSchema } from '../model/settings.ts';
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
	open(params: {
		readonly data_folder: string;
		/** Nothing more will come of logs: a last line without its end is one. */
		readonly ends_lines?: boolean;
		/** The active storage of this run, instead of the one that the settings name. */
		readonly storage?: string;
		/** What is stored in that one is only looked at: no storage is given anything, or made. */
		readonly only_reads?: boolean;
		/** Nothing is to be kept of this run: the local database is a temporary one. */
		readonly keeps_nothing?: boolean;
		/** What is known of passwords by now, see `setPasswords`. */
		readonly passwords?: Readonly<Record<string, string>>;
	}): Promise<void>;
	/**
	 * Tells the passwords of storages by their addresses (`formatStorageAddress`), all that the host
	 * knows. They stay in memory; storages that wait for theirs are tried again at once.
	 */
	setPasswords(params: { readonly passwords: Readonly<Record<string, string>> }): Promise<void>;
	/**
	 * Tells how feeds are doing, all of them each time. A journal folder not seen before becomes a
	 * source.
	 */
	setFeeds(status: FeedsStatus): Promise<void>;
	/** Stops reading, finishes what runs and closes the storage; the process may then be ended. */
	close(params: Record<string, never>): Promise<void>;
	/**
	 * Begins to write entries into a file, beside its name first: under it there is all of them or
	 * what was there before. Rejects with a sentence: `export-exists` where something has the name and
	 * `overwrite` is not said, `export-failed` where it can't be written.
	 */
	saveExport(params: {
		readonly request: ExportRequest;
		/** Absolute. A link there is something that has the name; it is never written through. */
		readonly path: string;
		readonly overwrite: boolean;
	}): Promise<ExportStatus>;
	/** Begins an export that is fetched by `readExport`, at the pace of whoever takes it. */
	openExport(params: { readonly request: ExportRequest }): Promise<ExportStatus>;
	/**
	 * The next bytes; none at its end. Ask again only after the answer. Rejects with a sentence,
	 * `export-failed`, when it can't go on or was cancelled.
	 */
	readExport(params: { readonly id: number }): Promise<ExportPiece>;
}

/** Some bytes of an export. */
export interface ExportPiece {
	/** `undefined`: that was all. */
	readonly bytes?: Uint8Array;
	/**
	 * With the end: entries up to and with this `seq` were looked at. An export with it as
	 * `arrived_after` has what came since.
	 */
	readonly up_to?: number;
}

/** What a host does with exports, beside what every client may. */
export type ExportControl = Pick<EngineControl, 'saveExport' | 'openExport' | 'readExport'>;

const passwords = v.record(v.string(), v.pipe(v.string(), v.maxLength(4_096)));

export const controlSchemas: Schemas<EngineControl> = {
	open: v.strictObject({
		data_folder: v.pipe(v.string(), v.minLength(1)),
		ends_lines: v.exactOptional(v.boolean()),
		storage: v.exactOptional(storageAddressSchema),
		only_reads: v.exactOptional(v.boolean()),
		keeps_nothing: v.exactOptional(v.boolean()),
		passwords: v.exactOptional(passwords),
	}),
	setPasswords: v.strictObject({ passwords }),
	// It comes from our own host and is typed there.
	setFeeds: v.custom<FeedsStatus>((value) => typeof value === 'object' && value !== null),
	close: v.strictObject({}),
	saveExport: v.strictObject({
		request: exportRequestSchema,
		path: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
		overwrite: v.boolean(),
	}),
	openExport: v.strictObject({ request: exportRequestSchema }),
	readExport: v.strictObject({ id: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
};

/** The names under which services share a channel (see `subChannel`). */
export const SERVICE = { engine: 'engine', control: 'control', host: 'host' } as const;
