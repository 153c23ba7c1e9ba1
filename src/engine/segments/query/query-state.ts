import type { Mapping } from '#shared/model/mapping.ts';
import { createScanner } from '../../scan/create-scanner.ts';
import { RowFlag } from '../segment/columns.ts';
import { Dictionary } from '../segment/dictionary.ts';
import { parseGeneration, placeOf } from '../segment/generation-record.ts';
import { readCatalogue } from '../sqlite/catalogue.ts';
import type { ReadonlyDatabase } from '../sqlite/schema.ts';
import { LateRows } from './order/late-rows.ts';
import { RepeatRows } from './order/repeat-rows.ts';
import type { QueryUpdate } from './query-api.ts';
import { RowTexts } from './text/row-text.ts';
import { Searches } from './plan/searches.ts';
import { SegmentSet } from './segment-set.ts';
import type { HeldSegment, Resident } from './segment-set.ts';
import { TextReader } from './text/text-reader.ts';

/** All that queries look at: what the database has, and what the main thread said since. */
export class QueryState {
	readonly scanner = createScanner();
	readonly dictionary: Dictionary;
	readonly segments: SegmentSet;
	readonly texts: TextReader;
	readonly rows: RowTexts;
	readonly late: LateRows;
	readonly repeats: RepeatRows;
	readonly searches: Searches;
	readonly #mappings = new Map<number, Mapping>();
	/** The names of sources by their ids. */
	sources: ReadonlyMap<number, string> = new Map();

	constructor(db: ReadonlyDatabase, now?: () => number) {
		const catalogue = readCatalogue(db);
		this.dictionary = new Dictionary(catalogue.texts);
		this.segments = new SegmentSet(db, catalogue.segments);
		this.texts = new TextReader(db, now);
		this.rows = new RowTexts(this.dictionary, this.texts, this.#mappings);
		this.late = new LateRows(this.segments, this.sourceOf);
		this.repeats = new RepeatRows(this.segments, this.rows);
		this.searches = new Searches({
			dictionary: this.dictionary,
			sources: () => this.sources,
			revision: () => this.segments.revision,
		});
		for (const saved of catalogue.generations) {
			this.texts.setGeneration(placeOf(parseGeneration(saved)));
		}
	}

	/** The source of a log. */
	readonly sourceOf = (generation: number): number | undefined =>
		this.texts.generation(generation)?.source;

	isHidden({ columns }: Resident, row: number): boolean {
		return ((columns.flags[row] ?? 0) & RowFlag.hidden) !== 0;
	}

	/** Whether the user has said which values of a row's line are its columns. */
	isMapped(held: HeldSegment, row: number): boolean {
		return this.#mappings.has(this.rows.source(held, row));
	}

	update(update: QueryUpdate): void {
		if (update.texts !== undefined) {
			this.dictionary.add(update.texts.texts, update.texts.known);
		}
		this.sources = update.sources ?? this.sources;
		for (const { source, mapping } of update.mappings ?? []) {
			if (Object.keys(mapping).length === 0) {
				this.#mappings.delete(source);
			} else {
				this.#mappings.set(source, mapping);
			}
		}
		for (const generation of update.generations ?? []) {
			this.texts.setGeneration(generation);
		}
		for (const segment of update.segments ?? []) {
			this.segments.update(segment);
		}
		for (const id of update.removed ?? []) {
			this.segments.remove(id);
			this.late.forget(id);
			this.repeats.forget(id);
		}
		for (const id of update.forgotten ?? []) {
			this.texts.forget(id);
		}
	}
}
