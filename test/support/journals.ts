import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { FeedStatus } from '#shared/model/feed.ts';
import { FEED_FILE, formatJournalName, parseJournalName } from '#shared/model/feed-journal.ts';
import { logText } from './write-log.ts';

/** A feed's journals as its receiver writes them, in the hands of a test. */
export class JournalsInTest {
	readonly folder: string;
	readonly name: string;
	session: string;
	/** Lines of the session so far. */
	lines = 0;
	#path = '';
	#ended: Record<string, number> = {};

	/** `dataFolder`: that of the engine. */
	constructor(dataFolder: string, name = 'worker-1', number = 1, session = 'one') {
		this.folder = join(dataFolder, 'feeds', String(number));
		this.name = name;
		this.session = session;
		mkdirSync(this.folder, { recursive: true });
		this.#saveFile();
		this.rotate();
	}

	/** Journals that are there. */
	names(): readonly string[] {
		return existsSync(this.folder)
			? readdirSync(this.folder).filter((name) => parseJournalName(name) !== undefined)
			: [];
	}

	/** Records with these messages. */
	append(messages: readonly string[]): void {
		this.appendText(logText(messages), messages.length);
	}

	appendText(text: string, lines: number): void {
		appendFileSync(this.#path, text);
		this.lines += lines;
	}

	/** What is written next is in another file. */
	rotate(): void {
		this.#path = join(
			this.folder,
			formatJournalName({ session: this.session, first: this.lines + 1 }),
		);
		writeFileSync(this.#path, '');
	}

	/** The sender has begun another session. */
	nextSession(session: string): void {
		this.#ended = { ...this.#ended, [this.session]: this.lines };
		this.session = session;
		this.lines = 0;
		this.rotate();
		this.#saveFile();
	}

	/** Cuts off what is behind the last whole line, as a receiver does that is started again. */
	cutTornLine(bytes: number): void {
		truncateSync(this.#path, bytes);
	}

	/** As a receiver reports it. */
	status(change: Partial<FeedStatus> = {}): FeedStatus {
		return {
			folder: this.folder,
			name: this.name,
			kind: 'listen',
			protocol: 'acked',
			state: 'connected',
			since: Date.now(),
			peer: 'unix socket',
			records: this.lines,
			refused: 0,
			dropped: 0,
			...change,
		};
	}

	#saveFile(): void {
		const file = { name: this.name, endpoint: 'unix', ended: this.#ended };
		writeFileSync(join(this.folder, FEED_FILE), JSON.stringify(file));
	}
}
