import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError, messageOf } from '#shared/errors.ts';
import { NO_FEEDS } from '#shared/model/feed.ts';
import type { FeedsStatus, FeedStatus } from '#shared/model/feed.ts';
import type { FeedConfig } from '#shared/model/source.ts';
import { readFeedFile } from './feed-file.ts';

/** What folders of feeds that were closed are called until they are removed. */
const CLOSED = '.closed-';

/** The journal folders of a data folder, and what their receiver says of them. */
export class Feeds {
	readonly #folder: string;
	/** As it was told last. */
	status: FeedsStatus = NO_FEEDS;

	/** `folder` has a journal folder for each feed, or is not there yet. */
	constructor(folder: string) {
		this.#folder = folder;
		for (const name of namesIn(folder).filter((one) => one.startsWith(CLOSED))) {
			rmSync(join(folder, name), { recursive: true, force: true });
		}
	}

	/** The feeds that there are journals of. */
	found(): readonly FeedConfig[] {
		return namesIn(this.#folder).flatMap((name) => this.find(join(this.#folder, name)) ?? []);
	}

	/** The feed whose journals are in `path`; `undefined` if there are none, or not any more. */
	find(path: string): FeedConfig | undefined {
		if (path !== this.pathOf(path) || basename(path).startsWith('.')) {
			return undefined;
		}
		const file = readFeedFile(path);
		return file === undefined ? undefined : { type: 'feed', path, name: file.name };
	}

	/** Where the journals of a feed are that was remembered: the data folder may have moved. */
	pathOf(path: string): string {
		return join(this.#folder, basename(path));
	}

	/** What the receiver says of a feed. */
	of(path: string): FeedStatus | undefined {
		return this.status.feeds.find(({ folder }) => folder === path);
	}

	/**
	 * Takes a feed's journals away at once, in one step; the receiver begins new ones in another
	 * folder if its sender goes on. Throws `storage-failed`. Returns how to free their space.
	 */
	takeAway(path: string, name: string): () => Promise<void> {
		const closed = join(this.#folder, `${CLOSED}${basename(path)}`);
		if (!existsSync(path)) {
			return async () => {};
		}
		try {
			rmSync(closed, { recursive: true, force: true });
			renameSync(path, closed);
		} catch (error) {
			throw new AppError(
				'storage-failed',
				`${name} can't be closed: its journal ${path} can't be removed (${messageOf(error)}). Stop its sender, and try again.`,
				{ cause: error },
			);
		}
		return () => rm(closed, { recursive: true, force: true, maxRetries: 5 });
	}
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return []; // no feed has ever been there
	}
}
