import type { EngineApi, StorageStatus } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import { MAX_MARKS } from '#shared/model/query.ts';
import type { SettingsChange } from '#shared/model/settings.ts';
import type { Mark } from '#shared/model/view.ts';
import type { Clock } from '../../lib/clock.ts';
import { Asking } from '../result/asking.ts';
import type { Notices } from '../notices.svelte.ts';
import type { What } from './row-finder.ts';

/** After entries came or went among the older ones, marks are checked at most this often. */
const CHECK_MS = 5_000;

/** Where marks are kept. */
export interface MarkKeeper {
	readonly settings: { readonly marks: readonly Mark[] };
	changeSettings(change: Pick<SettingsChange, 'marks'>): void;
}

/** The entries the user has marked, kept in the settings. */
export class Marks {
	readonly #keeper: MarkKeeper;
	readonly #api: Pick<EngineApi, 'query'>;
	readonly #notices: Notices;
	readonly #checking: Asking;
	/** By value: settings are told anew whenever one of them changes. */
	readonly #list = $derived.by(() => JSON.stringify(this.#keeper.settings.marks));
	readonly #marks = $derived(
		new Map((JSON.parse(this.#list) as Mark[]).map((mark) => [mark.seq, mark])),
	);
	/** The `seq`s of all marks: what `is:marked` means. */
	readonly seqs: readonly number[] = $derived([...this.#marks.keys()]);
	readonly #what: What | undefined = $derived(
		this.seqs.length === 0 ? undefined : { also: 'is:marked', marked: [...this.seqs] },
	);
	#revision = -1;

	constructor(keeper: MarkKeeper, api: Pick<EngineApi, 'query'>, notices: Notices, clock: Clock) {
		this.#keeper = keeper;
		this.#api = api;
		this.#notices = notices;
		this.#checking = new Asking(clock, CHECK_MS, () => this.#check());
	}

	/** Marked entries, in the terms of a filter; `undefined` if there are none. */
	get what(): What | undefined {
		return this.#what;
	}

	/** A number can mean another entry after the log was read anew: its time tells. */
	has({ seq, ts }: Pick<EntryRow, 'seq' | 'ts'>): boolean {
		return this.#marks.get(seq)?.ts === ts;
	}

	/** What the user has written about an entry. */
	noteOf(row: Pick<EntryRow, 'seq' | 'ts'>): string | undefined {
		return this.has(row) ? this.#marks.get(row.seq)?.note : undefined;
	}

	/** Writes about an entry, which marks it; blank text takes the note away and leaves the mark. */
	setNote({ seq, ts }: Pick<EntryRow, 'seq' | 'ts'>, text: string): void {
		const note = text.trim();
		if (note !== '' || this.has({ seq, ts })) {
			this.#set({ seq, ts, ...(note === '' ? {} : { note }) });
		}
	}

	/** Marks an entry, or takes its mark away if no note is on it. With too many marks it says so. */
	toggle({ seq, ts }: Pick<EntryRow, 'seq' | 'ts'>): void {
		if (this.noteOf({ seq, ts }) !== undefined) {
			this.#notices.remark('The mark has a note: take that away first, in the details.');
		} else if (this.has({ seq, ts })) {
			this.#keeper.changeSettings({ marks: this.#others(seq) });
		} else {
			this.#set({ seq, ts });
		}
	}

	/** Takes all marks away that have no note. */
	clear(): void {
		const marks = this.#keeper.settings.marks.filter(({ note }) => note !== undefined);
		this.#keeper.changeSettings({ marks });
		if (marks.length > 0) {
			this.#notices.remark(`Marks with a note stay: ${marks.length}. has:note shows them.`);
		}
	}

	/** Entries came or went: where older ones did, marks may mean others now. */
	storageChanged({ revision }: StorageStatus): void {
		if (revision !== this.#revision && this.#keeper.settings.marks.length > 0) {
			this.#revision = revision;
			this.#checking.ask();
		}
	}

	#set(mark: Mark): void {
		const others = this.#others(mark.seq);
		if (others.length >= MAX_MARKS) {
			this.#notices.remark(
				`There are ${MAX_MARKS.toLocaleString('en-US')} marks already. Take some away first.`,
			);
		} else {
			this.#keeper.changeSettings({ marks: [...others, mark] });
		}
	}

	#others(seq: number): Mark[] {
		return this.#keeper.settings.marks.filter((mark) => mark.seq !== seq);
	}

	/** Drops marks whose number means another entry now. Those without one may still get it back. */
	async #check(): Promise<void> {
		try {
			const marked = [...this.seqs];
			const query = { query: 'is:marked', marked, limit: MAX_MARKS, offset: 0 };
			const { rows, complete } = await this.#api.query(query);
			const stale = new Set(rows.filter((row) => !this.has(row)).map(({ seq }) => seq));
			if (stale.size > 0) {
				const marks = this.#keeper.settings.marks.filter(({ seq }) => !stale.has(seq));
				this.#keeper.changeSettings({ marks });
			}
			if (!complete) {
				this.#checking.ask();
			}
		} catch {
			// Without an answer the marks stay; the next change has them checked again.
			this.#revision = -1;
		}
	}
}
