import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { AppError, messageOf } from '#shared/errors.ts';
import type { ExportRequest, ExportState, ExportStatus } from '#shared/model/export.ts';
import type { ExportingStorage } from '../exporting-storage.ts';

/** Large pieces cost the fewest trips between processes. */
const GZIP_CHUNK_BYTES = 256 * 1024;

/** What an export is made of. */
export interface ExportJobOptions {
	readonly id: number;
	readonly request: ExportRequest;
	readonly path?: string | undefined;
	readonly storage: ExportingStorage;
	/** Resolves when what the request asks for is read. */
	readonly whenRead: (request: ExportRequest, signal: AbortSignal) => Promise<void>;
	readonly onChange: () => void;
}

/** One export: its bytes as they are taken, and how far it is. */
export class ExportJob {
	readonly id: number;
	readonly #options: ExportJobOptions;
	readonly #abort = new AbortController();
	readonly #bytes: AsyncIterator<Uint8Array>;
	#state: ExportState = 'waiting';
	#message: string | undefined;
	#rows = 0;
	#missing = 0;
	#fraction = 0;
	#written = 0;
	#upTo: number | undefined;

	constructor(options: ExportJobOptions) {
		this.id = options.id;
		this.#options = options;
		const pieces = this.#pieces();
		this.#bytes = options.request.gzip ? gzipped(pieces) : pieces;
	}

	get status(): ExportStatus {
		const { id, request, path } = this.#options;
		return {
			id,
			state: this.#state,
			format: request.format,
			...(path === undefined ? {} : { path }),
			rows: this.#rows,
			bytes: this.#written,
			fraction: this.#fraction,
			missing: this.#missing,
			...(this.#message === undefined ? {} : { message: this.#message }),
		};
	}

	get hasEnded(): boolean {
		return this.#state !== 'waiting' && this.#state !== 'writing';
	}

	/** The `seq` of the newest entry it may have; `undefined` until it has begun. */
	get upTo(): number | undefined {
		return this.#upTo;
	}

	/** The next bytes; `undefined` at the end. Rejects with a sentence if it can't go on. */
	async next(): Promise<Uint8Array | undefined> {
		try {
			this.#abort.signal.throwIfAborted();
			const { value, done } = await this.#bytes.next();
			this.#abort.signal.throwIfAborted();
			if (done === true) {
				return undefined;
			}
			this.#written += value.length;
			this.#options.onChange();
			return value;
		} catch (error) {
			throw this.fail(error);
		}
	}

	/** It is where it was to go. */
	finish(): void {
		this.#end('done');
	}

	/** It can't go on: the error that says so, or that it was cancelled. */
	fail(error: unknown): AppError {
		if (this.#abort.signal.aborted) {
			this.#end('cancelled');
			return new AppError('export-failed', 'The export was cancelled.');
		}
		this.#message ??= messageOf(error);
		this.#end('failed');
		return error instanceof AppError ? error : new AppError('export-failed', messageOf(error));
	}

	/** Whoever takes its bytes is told so with the next ones. */
	cancel(): void {
		if (!this.hasEnded) {
			this.#abort.abort();
			this.#end('cancelled');
		}
	}

	#end(state: ExportState): void {
		if (this.hasEnded) {
			return;
		}
		this.#state = state;
		this.#options.onChange();
		// Lets go of what it holds in the storage.
		void this.#bytes.return?.().catch(() => {});
	}

	/** The next piece is made while this one is on its way. */
	async *#pieces(): AsyncGenerator<Uint8Array, void> {
		const { id, request, storage, whenRead } = this.#options;
		const { signal } = this.#abort;
		await whenRead(request, signal);
		const { kind, watermark } = storage.stats();
		// One that others write to has more by now than was told of it.
		const known = request.filter.up_to ?? (kind === 'sqlite' ? watermark : undefined);
		this.#upTo = known;
		this.#state = 'writing';
		this.#options.onChange();
		const filter = { ...request.filter, ...(known === undefined ? {} : { up_to: known }) };
		const newest = await storage.exports.openExport({ id, request: { ...request, filter } });
		this.#upTo ??= newest ?? watermark;
		let coming = storage.exports.readExport({ id });
		try {
			for (;;) {
				const chunk = await coming;
				if (chunk === undefined) {
					throw new AppError('export-failed', 'The log engine lost its place: export again.');
				}
				if (!chunk.isDone && !signal.aborted) {
					coming = storage.exports.readExport({ id });
					coming.catch(() => {}); // told when it is awaited
				}
				this.#rows = chunk.rows;
				this.#missing = chunk.missing;
				this.#fraction = chunk.fraction;
				if (chunk.bytes.length > 0) {
					yield chunk.bytes;
				} else {
					this.#options.onChange();
				}
				signal.throwIfAborted();
				if (chunk.isDone) {
					return;
				}
			}
		} finally {
			await storage.exports.closeExport({ id }).catch(() => {}); // a thread that died has none
		}
	}
}

function gzipped(pieces: AsyncGenerator<Uint8Array, void>): AsyncIterator<Uint8Array> {
	const gzip = createGzip({ chunkSize: GZIP_CHUNK_BYTES });
	// The error comes out of the iterator as well.
	pipeline(Readable.from(pieces, { highWaterMark: 1 }), gzip, () => {});
	return gzip[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
}
