import * as v from 'valibot';
import type { EntryRow, LogEntry } from '../model/entry.ts';
import type { EndpointStatus } from '../model/feed.ts';
import type { ExportStatus } from '../model/export.ts';
import { mappingSchema } from '../model/mapping.ts';
import type { Mapping } from '../model/mapping.ts';
import {
	countQuerySchema,
	placesQuerySchema,
	querySchema,
	shapeQuerySchema,
	valuesQuerySchema,
} from '../model/query.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Page,
	Places,
	PlacesQuery,
	Query,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '../model/query.ts';
import {
	MAX_MIRRORS,
	settingsChangeSchema,
	spoolBytesSchema,
	storageAddressSchema,
} from '../model/settings.ts';
import type { Settings, SettingsChange } from '../model/settings.ts';
import { sourceConfigSchema } from '../model/source.ts';
import type { SourceConfig, SourceFile, SourceId, SourceStatus } from '../model/source.ts';
import type {
	StorageAbilities,
	StorageInfo,
	StorageKind,
	StorageNumbers,
} from '../model/storage.ts';
import type { Schemas } from '../rpc/rpc.ts';

/** What the active storage holds. */
export interface StorageStatus {
	readonly kind: StorageKind;
	/** Entries that can be queried. */
	readonly size: number;
	/** Entries ever appended, and those that left to keep within the bounds the user has set. */
	readonly appended: number;
	readonly dropped: number;
	/** On disk; 0 where there is no disk. */
	readonly bytes: number;
	/** Entries that can be queried and are not on disk yet: a crash would have them read again. */
	readonly unsaved: number;
	/** The newest `seq`: entries up to and with it can be queried. 0 when empty. */
	readonly watermark: number;
	/**
	 * When the newest entries were written, as their file says: milliseconds since 1970. Known of the
	 * local database, once lines came while their log was followed.
	 */
	readonly written_at?: number;
	/** Changes whenever older entries came or went, so that counts have to be asked for again. */
	readonly revision: number;
}

/** What came of opening a storage to see whether it works. */
export interface StorageTest {
	readonly ok: boolean;
	/** A sentence: what was found, or what failed and what to do. */
	readonly message: string;
	readonly abilities?: StorageAbilities;
	readonly stats?: StorageNumbers;
}

/** Which storages are to be used from now on, by their addresses without passwords. */
export interface StorageChoice {
	/** The one the table shows. */
	readonly active: string;
	/** Those that receive everything as well. */
	readonly mirrors: readonly string[];
	/**
	 * Whether those that were not in use also get all that is stored in the local database by now and
	 * that they do not have. If not, one that was used before goes on where it was, and another one
	 * with what comes.
	 */
	readonly send_stored: boolean;
}

/** What the engine needs of the machine, as the system counts it. */
export interface EngineUsage {
	/** Memory of its process with all its threads that is in RAM, in bytes. */
	readonly memory_bytes: number;
}

/** Something the user should know about, until dismissed: what failed, on what, what to do. */
export interface Problem {
	readonly id: number;
	readonly message: string;
}

/** A stored line, read as it is now and as it would be. */
export interface MappingPreview {
	/** The line, for choosing values in it. */
	readonly raw: string;
	readonly before: EntryRow;
	readonly after: EntryRow;
}

/** All that is not rows: what a client needs to draw everything around the table. */
export interface EngineState {
	readonly storage: StorageStatus;
	readonly sources: readonly SourceStatus[];
	readonly settings: Settings;
	readonly problems: readonly Problem[];
	/** The addresses where feeds come from. */
	readonly endpoints: readonly EndpointStatus[];
	/** The storages in use: the active one first, then the mirrors. */
	readonly storages: readonly StorageInfo[];
	/** Those at work, and those that ended last, the newest first. */
	readonly exports: readonly ExportStatus[];
}

/** What a renderer may ask of the engine, whichever host lies between. */
export interface EngineApi {
	getState(params: Record<string, never>): Promise<EngineState>;
	/** Tells nobody by itself: it changes all the time. */
	getUsage(params: Record<string, never>): Promise<EngineUsage>;
	query(query: Query): Promise<Page>;
	count(query: CountQuery): Promise<Count>;
	/** Histogram and facets. */
	shape(query: ShapeQuery): Promise<Shape>;
	/** Where highlighted entries stand, for ticks beside the scroll bar. */
	places(query: PlacesQuery): Promise<Places>;
	/** The fields that stored entries have, the most frequent first. */
	getFields(params: Record<string, never>): Promise<FieldList>;
	/** Values of a field, the most frequent first. */
	getValues(query: ValuesQuery): Promise<ValueList>;
	/** The whole entry, or `undefined` if there is none (any more). */
	getEntry(params: { readonly seq: number }): Promise<LogEntry | undefined>;
	/** Starts following a file, or finds it among those followed. Rejects with a sentence. */
	openSource(config: SourceConfig): Promise<SourceStatus>;
	/**
	 * Follows a source anew: at once, whatever it waits for, and also one that had given up. With
	 * `config` at another place from now on, under the same id; what is stored of it stays, and a log
	 * that is found there again is read on. Rejects with a sentence, `source-unavailable`.
	 */
	reopenSource(params: { readonly id: SourceId; readonly config?: SourceConfig }): Promise<void>;
	/**
	 * Stops following it, and forgets it with its entries. A file is not touched; of a feed the
	 * journal goes too, and if the sender goes on, it is a new source.
	 */
	closeSource(params: { readonly id: SourceId }): Promise<void>;
	/** The logs of a source, the one written last first. */
	getSourceFiles(params: { readonly id: SourceId }): Promise<readonly SourceFile[]>;
	/**
	 * How stored entries would read with a mapping: up to 20 of the source's newest JSON lines, the
	 * entry `seq` first if one is given.
	 */
	previewMapping(params: {
		readonly id: SourceId;
		readonly mapping: Mapping;
		readonly seq?: number;
	}): Promise<readonly MappingPreview[]>;
	/** Sets a source's mapping and reads its stored entries anew by it; `{}` takes it back. */
	setMapping(params: { readonly id: SourceId; readonly mapping: Mapping }): Promise<void>;
	/**
	 * Uses other storages from now on. Resolves when that is remembered; whether they can be reached
	 * is told by `EngineState.storages`. Rejects with `invalid-options` for an address that is none.
	 * The local database always receives everything: named as a mirror it is left out, and so is the
	 * active one.
	 */
	setStorages(choice: StorageChoice): Promise<void>;
	/**
	 * How many bytes of the local database are kept from now on for each storage that takes nothing;
	 * 0: no bound. Beyond it logs wait. Resolves when that is remembered.
	 */
	setSpoolBytes(params: { readonly bytes: number }): Promise<void>;
	/**
	 * Opens a storage, looks at it and closes it again, storing nothing. Takes at most 10 s.
	 * `password`: one that is not kept yet, instead of the one that is known.
	 */
	testStorage(params: {
		readonly address: string;
		readonly password?: string;
	}): Promise<StorageTest>;
	updateSettings(change: SettingsChange): Promise<Settings>;
	dismissProblem(params: { readonly id: number }): Promise<void>;
	/** Ends an export, of which nothing is left then. One that has ended stays as it is. */
	cancelExport(params: { readonly id: number }): Promise<void>;
}

/** What the engine tells its clients: calls the other way, without an answer. */
export interface EngineEvents {
	/** Entries came or went. Carries no rows: clients ask for what they show. */
	storageChanged(status: StorageStatus): void;
	sourcesChanged(sources: readonly SourceStatus[]): void;
	settingsChanged(settings: Settings): void;
	problemsChanged(problems: readonly Problem[]): void;
	endpointsChanged(endpoints: readonly EndpointStatus[]): void;
	/** A storage in use is doing otherwise than before; at most four times a second. */
	storagesChanged(storages: readonly StorageInfo[]): void;
	/** An export began, went on or ended; at most ten times a second. */
	exportsChanged(exports: readonly ExportStatus[]): void;
}

const nothing = v.strictObject({});
const id = v.pipe(v.number(), v.integer(), v.minValue(0));

/** One schema per method: what is not in this table cannot be called from outside. */
export const engineSchemas: Schemas<EngineApi> = {
	getState: nothing,
	getUsage: nothing,
	query: querySchema,
	count: countQuerySchema,
	shape: shapeQuerySchema,
	places: placesQuerySchema,
	getFields: nothing,
	getValues: valuesQuerySchema,
	getEntry: v.strictObject({ seq: id }),
	openSource: sourceConfigSchema,
	reopenSource: v.strictObject({ id, config: v.exactOptional(sourceConfigSchema) }),
	closeSource: v.strictObject({ id }),
	getSourceFiles: v.strictObject({ id }),
	previewMapping: v.strictObject({ id, mapping: mappingSchema, seq: v.exactOptional(id) }),
	setMapping: v.strictObject({ id, mapping: mappingSchema }),
	setStorages: v.strictObject({
		active: storageAddressSchema,
		mirrors: v.pipe(v.array(storageAddressSchema), v.maxLength(MAX_MIRRORS)),
		send_stored: v.boolean(),
	}),
	setSpoolBytes: v.strictObject({ bytes: spoolBytesSchema }),
	testStorage: v.strictObject({
		address: storageAddressSchema,
		password: v.exactOptional(v.pipe(v.string(), v.maxLength(4_096))),
	}),
	updateSettings: settingsChangeSchema,
	dismissProblem: v.strictObject({ id }),
	cancelExport: v.strictObject({ id }),
};

// Events come from our own engine and are typed there; the table is their allow-list.
const trusted = <T>() => v.custom<T>((value) => typeof value === 'object' && value !== null);

export const engineEventSchemas: Schemas<EngineEvents> = {
	storageChanged: trusted<StorageStatus>(),
	sourcesChanged: trusted<readonly SourceStatus[]>(),
	settingsChanged: trusted<Settings>(),
	problemsChanged: trusted<readonly Problem[]>(),
	endpointsChanged: trusted<readonly EndpointStatus[]>(),
	storagesChanged: trusted<readonly StorageInfo[]>(),
	exportsChanged: trusted<readonly ExportStatus[]>(),
};
