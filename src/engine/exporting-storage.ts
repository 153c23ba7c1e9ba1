import type { ExportRequest } from '#shared/model/export.ts';
import type { ActiveStorage } from './active-storage.ts';
import type { ExportChunk } from './export-formats/export-chunk.ts';

/** Writes entries out, where they are, by numbers that the caller has chosen. */
export interface EntryExports {
	/** Begins an export; up to which `seq` there are entries, where only the storage can tell. */
	openExport(params: {
		readonly id: number;
		readonly request: ExportRequest;
	}): Promise<number | void>;
	/** Its next piece; `undefined`: it is not known there, because the thread died meanwhile. */
	readExport(params: { readonly id: number }): Promise<ExportChunk | undefined>;
	/** Ends it, wherever it is. */
	closeExport(params: { readonly id: number }): Promise<void>;
}

/** A storage as the engine asks it: what the table asks, and what writes its entries out. */
export interface ExportingStorage extends Omit<ActiveStorage, 'close'> {
	readonly exports: EntryExports;
}
