import type { Ingest } from '../ingest/ingest.ts';
import type { IngestContext } from '../ingest/ingest-context.ts';
import { placeOf } from '../segment/generation-record.ts';
import type { Segment } from '../segment/segment.ts';
import type { HeldFiles } from './held-files.ts';
import type { ScanThread } from './scan-pool.ts';

/**
 * Copies the text of history into the database, the newest first, when there is nothing else to do:
 * from then on it outlives its files.
 */
export class TextKeeper {
	readonly #context: IngestContext & { readonly ingest: Ingest };
	readonly #files: HeldFiles;
	/** Segments that were looked at and whose text is not to be had, or is being kept. */
	readonly #done = new Set<number>();

	constructor(context: IngestContext & { readonly ingest: Ingest }, files: HeldFiles) {
		this.#context = context;
		this.#files = files;
	}

	/** Whether there is text to be kept, now or when its segment is saved. */
	hasWork(): boolean {
		const { policy, index, ingest } = this.#context;
		const isWanted = (id: number) => !this.#done.has(id) && !ingest.isGrowing(id);
		return policy().keepsText && index.newestUnkept(isWanted) !== undefined;
	}

	/** Keeps the text of one segment; whether there may be another one. */
	async keepOne(thread: ScanThread): Promise<boolean> {
		const { committer, generations } = this.#context;
		const segment = this.#next();
		if (segment === undefined) {
			return false;
		}
		this.#done.add(segment.id);
		const ids = new Set(segment.spans.map(({ generation }) => generation));
		const places = [...ids].filter((id) => generations.has(id)).map((id) => generations.get(id));
		try {
			const blocks = await this.#files.use(places, (files) =>
				thread.api().compress({ segment, generations: places.map(placeOf), files }),
			);
			const known = this.#context.index.segment(segment.id);
			// It may have left, or changed, while it was read.
			if (blocks !== undefined && known?.version === segment.version) {
				committer.addText({ segment, blocks });
			}
		} catch {
			// The thread died: the text is still in its file.
		}
		return true;
	}

	#next(): Segment | undefined {
		const { policy, index, committer, ingest } = this.#context;
		if (!policy().keepsText) {
			this.#done.clear();
			return undefined;
		}
		return index.newestUnkept(
			(id) => !this.#done.has(id) && !committer.has(id) && !ingest.isGrowing(id),
		);
	}
}
