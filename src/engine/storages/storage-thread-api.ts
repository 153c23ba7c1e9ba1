import * as v from 'valibot';
import type { StorageStatus } from '#shared/api/engine.ts';
import type { LogEntry } from '#shared/model/entry.ts';
import type { ExportRequest } from '#shared/model/export.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Page,
	Places,
	PlacesQuery,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import type { StorageAbilities, StorageNumbers } from '#shared/model/storage.ts';
import type { Schemas } from '#shared/rpc/rpc.ts';
import type { PageQuery } from '../active-storage.ts';
import type { ExportChunk } from '../export-formats/export-chunk.ts';
import type { NewEntry } from './log-storage.ts';
import type { StorageUse } from './storage-use.ts';

/** Which storage a thread is to open. */
export interface StorageToOpen {
	/** As `formatStorageAddress` writes it, paths absolute. */
	readonly address: string;
	readonly password?: string | undefined;
	/** Whether it is asked questions: its newest entries are read then and what comes is followed. */
	readonly follows: boolean;
	/** `keep` if it is not said. */
	readonly use?: StorageUse;
}

/** How a storage is found. */
export interface StorageFound {
	readonly abilities: StorageAbilities;
	readonly numbers: StorageNumbers;
}

/** What the engine's main thread asks of the thread that a storage runs in. */
export interface StorageThreadApi {
	/** Opens it; again after a failure. Rejects with a sentence, `storage-failed`. */
	open(storage: StorageToOpen): Promise<StorageFound>;
	/** See `LogStorage.append`; up to 10,000 entries. */
	append(params: { readonly entries: readonly NewEntry[] }): Promise<void>;
	query(query: PageQuery): Promise<Page>;
	count(query: CountQuery): Promise<Count>;
	shape(query: ShapeQuery): Promise<Shape>;
	places(query: PlacesQuery): Promise<Places>;
	getFields(params: Record<string, never>): Promise<FieldList>;
	getValues(query: ValuesQuery): Promise<ValueList>;
	get(params: { readonly seq: number }): Promise<LogEntry | undefined>;
	/** As those of `QueryApi`; the first answers up to which `seq` entries are known by now, those
	 * that were appended before among them. */
	openExport(params: { readonly id: number; readonly request: ExportRequest }): Promise<number>;
	readExport(params: { readonly id: number }): Promise<ExportChunk | undefined>;
	closeExport(params: { readonly id: number }): Promise<void>;
	/** Resolves once its news are others than those numbered `known` (0: at once). */
	news(params: { readonly known: number }): Promise<StorageNews>;
	/** Closes it in order; the thread may then be ended. */
	close(params: Record<string, never>): Promise<void>;
}

/** What there is to say of a storage. */
export interface StorageNews {
	/** Rising. */
	readonly number: number;
	readonly status: StorageStatus;
	readonly found: StorageFound;
	/** Why it can't be followed or asked at the moment. */
	readonly problem?: string;
}

// Both ends are ours and in one process: the table names the methods, the types check the rest.
const typed = <T>() => v.custom<T>((value) => typeof value === 'object' && value !== null);

export const storageThreadSchemas: Schemas<StorageThreadApi> = {
	open: typed<StorageToOpen>(),
	append: typed<{ readonly entries: readonly NewEntry[] }>(),
	query: typed<PageQuery>(),
	count: typed<CountQuery>(),
	shape: typed<ShapeQuery>(),
	places: typed<PlacesQuery>(),
	getFields: typed<Record<string, never>>(),
	getValues: typed<ValuesQuery>(),
	get: typed<{ readonly seq: number }>(),
	openExport: typed<{ readonly id: number; readonly request: ExportRequest }>(),
	readExport: typed<{ readonly id: number }>(),
	closeExport: typed<{ readonly id: number }>(),
	news: typed<{ readonly known: number }>(),
	close: typed<Record<string, never>>(),
};
