import type { FeedStatus } from '#shared/model/feed.ts';
import { PLAIN } from './feed-journals.ts';
import { FeedWriter } from './feed-writer.ts';
import type { FeedWriterOptions } from './feed-writer.ts';
import { formatGapLine } from './gap-line.ts';
import type { Gap } from './gap-line.ts';

/** A sender that can wait is asked to when a feed holds so much, and goes on at half of it. */
export const FULL_BYTES = 8 * 1024 * 1024;

/** One that can't wait is listened to until a feed holds so much; then its records are dropped. */
export const DROPPING_BYTES = 64 * 1024 * 1024;

/** Who is connected to a feed. */
export interface FeedLink {
	readonly kind: FeedStatus['kind'];
	readonly protocol: FeedStatus['protocol'];
	readonly peer: string;
	/** Which kind of address it came to, or the address connected to; for feed.json. */
	readonly endpoint: string;
	/** Its numbered session, if it has one. */
	readonly session: string | undefined;
	/** Lines up to this number are stored. */
	onStored(last: number): void;
	/** The same session has come again by another connection: hang up and add nothing more. */
	supersede(): void;
}

/**
 * One feed: what its sender sends goes to the writer, and what is known to be missing too. One
 * connection at a time is linked to it.
 */
export class Feed {
	readonly writer: FeedWriter;
	/** Numbered sessions that it has lines of, and a number that their last line has at least. */
	readonly sessions: Map<string, number>;
	readonly #budget: FeedWriterOptions['budget'];
	readonly #onChange: () => void;
	readonly #waiting = new Set<() => void>();
	#link: FeedLink | undefined;
	/** The last one there was in this run. */
	#lastLink: FeedLink | undefined;
	#records = 0;
	#refused = 0;
	#dropped = 0;
	/** Records dropped that no gap line stands for yet. */
	#lost: { records: number; readonly fromMs: number; toMs: number } | undefined;
	#state: FeedStatus['state'] = 'disconnected';
	#sinceMs = Date.now();
	#message: string | undefined;
	/** What the gap is called that begins where the last connection ended. */
	#leftReason = 'The companion was not running while this feed was connected';
	#lastWriteMs: number | undefined;
	/** The receiver ends, so that a connection that ends too is no news. */
	#isLeaving = false;

	constructor(
		options: Omit<FeedWriterOptions, 'onStored'> & {
			readonly sessions: ReadonlyMap<string, number>;
			readonly lastWriteMs: number | undefined;
		},
	) {
		this.#budget = options.budget;
		this.#onChange = options.onChange;
		this.#lastWriteMs = options.lastWriteMs;
		this.sessions = new Map([...Object.entries(options.file.ended), ...options.sessions]);
		this.sessions.delete(PLAIN);
		this.writer = new FeedWriter({
			...options,
			onChange: () => this.#progress(),
			onStored: (session, last) => {
				if (session !== PLAIN) {
					this.sessions.set(session, last);
				}
				if (this.#link?.session === session) {
					this.#link.onStored(last);
				}
			},
		});
	}

	get name(): string {
		return this.writer.file.name;
	}

	get link(): FeedLink | undefined {
		return this.#link;
	}

	/** Senders that can wait should. */
	get isFull(): boolean {
		return this.writer.heldBytes >= FULL_BYTES || this.#budget.isSpent;
	}

	/** How it is doing; `undefined` if nobody was connected in this run. */
	get status(): FeedStatus | undefined {
		const link = this.#lastLink;
		const { folder } = this.writer;
		if (link === undefined || folder === undefined) {
			return undefined;
		}
		const message = this.writer.trouble ?? this.#message;
		return {
			folder,
			name: this.name,
			kind: link.kind,
			protocol: link.protocol,
			state: this.#state,
			since: this.#sinceMs,
			peer: link.peer,
			...(message === undefined ? {} : { message }),
			records: this.#records,
			refused: this.#refused,
			dropped: this.#dropped,
		};
	}

	/** From now on `link` is connected; whoever was is told to hang up. */
	connect(link: FeedLink): void {
		const previous = this.#link;
		this.#link = link;
		this.#lastLink = link;
		previous?.supersede();
		this.#state = 'connected';
		this.#sinceMs = Date.now();
		this.#message = undefined;
		const { file } = this.writer;
		if (link.session === undefined) {
			this.#recordAbsence(Date.now());
		}
		file.endpoint = link.endpoint;
		file.connected = link.session === undefined;
		delete file.left;
		this.writer.save();
		this.#onChange();
	}

	/**
	 * `link` is not connected any more. `willReturn`: it should be, and is being connected to again;
	 * what it sends meanwhile is lost, unless it is numbered.
	 */
	disconnect(link: FeedLink, options: { readonly message?: string; readonly willReturn?: string }) {
		if (this.#link !== link) {
			return;
		}
		this.#link = undefined;
		this.#state = 'disconnected';
		this.#sinceMs = Date.now();
		this.#message = options.message;
		if (this.#isLeaving) {
			return;
		}
		const { file } = this.writer;
		file.connected = options.willReturn !== undefined && link.session === undefined;
		if (options.willReturn !== undefined && file.connected) {
			this.#leftReason = options.willReturn;
			file.left = new Date().toISOString();
		}
		this.writer.save();
		void this.writer.rest();
		this.#onChange();
	}

	/** It is being connected to again. */
	retry(message: string): void {
		if (this.#link === undefined && this.#lastLink?.kind === 'connect') {
			this.#state = 'retrying';
			this.#message = message;
			this.#onChange();
		}
	}

	/** Nobody came back to a feed that was connected when the receiver ended last: writes it down. */
	recordAbsence(untilMs: number): void {
		if (this.#link === undefined && this.writer.file.connected) {
			this.#recordAbsence(untilMs);
			this.writer.save();
			void this.writer.rest();
		}
	}

	/** The receiver ends: what a feed that is connected now sends from now on is lost. */
	leave(): void {
		this.#isLeaving = true;
		const { file } = this.writer;
		if (this.#link !== undefined && file.connected) {
			file.left = new Date().toISOString();
			this.writer.save();
		}
	}

	/** Takes lines of a session that is not numbered by its sender. */
	add(pieces: readonly Buffer[], bytes: number, lines: number): void {
		this.#records += lines;
		this.writer.append(PLAIN, pieces, bytes, lines);
	}

	/** Takes lines of a numbered session. */
	addNumbered(session: string, pieces: readonly Buffer[], bytes: number, lines: number): void {
		this.#records += lines;
		this.writer.append(session, pieces, bytes, lines);
	}

	/** Writes down a break. */
	addGap(gap: Gap): void {
		const line = formatGapLine(gap);
		this.writer.append(PLAIN, [line], line.length, 1);
	}

	/**
	 * Takes a record of a sender that can't wait, as a line; when too much is held already, it is
	 * counted as dropped, and a gap stands for it once there is room again.
	 */
	addOrDrop(line: () => Buffer): void {
		if (this.#lost === undefined && !this.#isDropping) {
			const bytes = line();
			this.add([bytes], bytes.length, 1);
			return;
		}
		this.#dropped++;
		this.#lost ??= { records: 0, fromMs: Date.now(), toMs: 0 };
		this.#lost.records++;
		this.#lost.toMs = Date.now();
		this.#onChange();
	}

	/** A frame could not be decoded. */
	countRefused(): void {
		this.#refused++;
	}

	/** Calls `tell` once when the feed is full no more, at once if it is not. */
	whenRoom(tell: () => void): void {
		this.#waiting.add(tell);
		this.#tellRoom();
	}

	get #isDropping(): boolean {
		return this.writer.heldBytes >= DROPPING_BYTES || this.#budget.isSpent;
	}

	#recordAbsence(untilMs: number): void {
		const { file } = this.writer;
		if (file.connected) {
			const leftMs = file.left === undefined ? this.#lastWriteMs : Date.parse(file.left);
			const fromMs = Number.isFinite(leftMs) ? leftMs : undefined;
			this.addGap({ reason: this.#leftReason, fromMs, toMs: untilMs });
			file.connected = false;
			delete file.left;
		}
	}

	#progress(): void {
		const lost = this.#lost;
		const hasRoom = this.writer.heldBytes <= DROPPING_BYTES / 2 && !this.#budget.isSpent;
		if (lost !== undefined && hasRoom) {
			this.#lost = undefined;
			const reason = 'The disk took nothing and there was no room in memory';
			this.addGap({ reason, ...lost });
		}
		this.#tellRoom();
		this.#onChange();
	}

	readonly #tellRoom = (): void => {
		if (this.#waiting.size === 0) {
			return;
		}
		if (this.#budget.isSpent) {
			this.#budget.whenFree(this.#tellRoom);
		} else if (this.writer.heldBytes <= FULL_BYTES / 2) {
			const waiting = [...this.#waiting];
			this.#waiting.clear();
			for (const tell of waiting) {
				tell();
			}
		}
	};
}
