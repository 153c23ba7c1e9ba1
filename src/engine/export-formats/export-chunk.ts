/** Some of an export's bytes, and how far it is after them. */
export interface ExportChunk {
	readonly bytes: Uint8Array;
	readonly rows: number;
	readonly missing: number;
	readonly fraction: number;
	readonly isDone: boolean;
}

/** A piece is about this large … */
export const PIECE_BYTES = 1024 * 1024;

/** … or what could be written in this time, so that questions are answered in between. */
export const PIECE_MS = 25;
