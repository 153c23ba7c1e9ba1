import { existsSync } from 'node:fs';
import { AppError } from '#shared/errors.ts';
import type { FeedStatus } from '#shared/model/feed.ts';
import { Feed } from './feed.ts';
import type { FeedLink } from './feed.ts';
import { findFeeds } from './feed-folder.ts';
import { FolderNumbers } from './folder-numbers.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** A sender that lost us tries again at least so often (Python's SocketHandler waits up to 30 s). */
const RETURN_MS = 60_000;

/** A sender that calls itself something else each time must not fill the disk with folders. */
const MAX_FEEDS = 1_000;

/** How long closing waits for disks. */
const CLOSE_MS = 2_000;

/** A numbered session that there are lines of already. */
export interface KnownSession {
	readonly session: string;
	readonly last: number;
}

/** Knows all feeds there are, and decides which of them a connection belongs to. */
export class FeedRegistry {
	readonly #numbers: FolderNumbers;
	readonly #budget: MemoryBudget;
	readonly #onChange: () => void;
	/** By name. */
	readonly #feeds = new Map<string, Feed>();
	readonly #returnTimer: NodeJS.Timeout;

	/** `parent`: the folder of journal folders. Those that are there are known from the start. */
	constructor(parent: string, budget: MemoryBudget, onChange: () => void) {
		this.#numbers = new FolderNumbers(parent);
		this.#budget = budget;
		this.#onChange = onChange;
		for (const found of findFeeds(parent)) {
			this.#feeds.set(found.file.name, this.#make(found));
		}
		const startedMs = Date.now();
		this.#returnTimer = setTimeout(() => {
			for (const feed of this.#feeds.values()) {
				feed.recordAbsence(startedMs);
			}
		}, RETURN_MS);
	}

	/** How the feeds are doing that were connected in this run. */
	get statuses(): FeedStatus[] {
		return [...this.#feeds.values()].flatMap((feed) => feed.status ?? []);
	}

	/** Why something can't be written at the moment; a feed may have no status yet to say so. */
	get trouble(): string | undefined {
		for (const feed of this.#feeds.values()) {
			if (feed.writer.trouble !== undefined) {
				return feed.writer.trouble;
			}
		}
		return undefined;
	}

	/**
	 * The feed of a connection, connected to it: the first of `source`, `source 2`, … that nobody
	 * is connected to. Throws `not-allowed` with a sentence when there are too many feeds.
	 */
	connect(source: string, link: FeedLink): Feed {
		const feed = this.#free(source);
		feed.connect(link);
		return feed;
	}

	/**
	 * The same for a numbered session: it goes on in the feed where it was last, or with its numbers
	 * in another one, if somebody else is connected to that one.
	 */
	async connectNumbered(source: string, link: FeedLink, session: string): Promise<Feed> {
		const known = this.#lastFeedOf(source, session);
		const isFree = known?.link === undefined || known.link.session === session;
		const feed = known !== undefined && isFree ? known : this.#free(source);
		feed.connect(link);
		if (known !== undefined && known !== feed) {
			feed.writer.adopt(session, await known.writer.lastKnown(session));
		}
		return feed;
	}

	/** The last sessions that came from an address, the newest first, with their last lines. */
	async sessionsOf(endpoint: string): Promise<KnownSession[]> {
		const known: KnownSession[] = [];
		for (const feed of this.#feeds.values()) {
			if (feed.writer.file.endpoint === endpoint && feed.link === undefined) {
				for (const session of [...feed.sessions.keys()].toReversed()) {
					const last = await feed.writer.lastKnown(session);
					known.push({ session, last });
				}
			}
		}
		return known.filter(({ last }) => last > 0);
	}

	/** The receiver ends: feeds that are connected now are remembered as such. */
	leave(): void {
		clearTimeout(this.#returnTimer);
		for (const feed of this.#feeds.values()) {
			feed.leave();
		}
	}

	/** Writes what has come. What a full disk does not take after a while is lost. */
	async close(): Promise<void> {
		const feeds = [...this.#feeds.values()];
		const timer = setTimeout(() => feeds.forEach((feed) => feed.writer.giveUp()), CLOSE_MS);
		await Promise.all(feeds.map((feed) => feed.writer.rest()));
		clearTimeout(timer);
	}

	#lastFeedOf(source: string, session: string): Feed | undefined {
		let found: Feed | undefined;
		for (const feed of this.#feeds.values()) {
			const last = feed.sessions.get(session);
			const isLater = last !== undefined && last > (found?.sessions.get(session) ?? -1);
			if (isLater && feed.writer.file.source === source) {
				found = feed;
			}
		}
		return found;
	}

	#free(source: string): Feed {
		for (let slot = 1; ; slot++) {
			const name = slot === 1 ? source : `${source} ${slot}`;
			let feed = this.#feeds.get(name);
			if (feed === undefined) {
				this.#makeRoom();
				feed = this.#make({
					folder: undefined,
					file: { name, source, endpoint: '', connected: false, ended: {} },
					sessions: new Map(),
					lastWriteMs: undefined,
				});
				this.#feeds.set(name, feed);
			}
			if (feed.link === undefined) {
				return feed;
			}
		}
	}

	/** Forgets feeds that the user has closed; throws when there are too many others. */
	#makeRoom(): void {
		if (this.#feeds.size < MAX_FEEDS) {
			return;
		}
		for (const [name, { link, writer }] of this.#feeds) {
			const isThere = writer.folder !== undefined && existsSync(writer.folder);
			if (link === undefined && writer.heldBytes === 0 && !isThere) {
				this.#feeds.delete(name);
			}
		}
		if (this.#feeds.size >= MAX_FEEDS) {
			throw new AppError(
				'not-allowed',
				`A new feed was refused: there are ${MAX_FEEDS.toLocaleString('en')} already. Close some of them`,
			);
		}
	}

	#make(
		found: Pick<
			ConstructorParameters<typeof Feed>[0],
			'folder' | 'file' | 'sessions' | 'lastWriteMs'
		>,
	): Feed {
		return new Feed({
			...found,
			numbers: this.#numbers,
			budget: this.#budget,
			onChange: this.#onChange,
		});
	}
}
