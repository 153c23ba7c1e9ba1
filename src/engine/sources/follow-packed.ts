import { bind, bindCut } from './bind-log.ts';
import { tryWith } from './check-file.ts';
import type { FollowedLog } from './followed-log.ts';
import type { Following } from './following.ts';
import { handOver, handOverHeld } from './follow-plain.ts';
import { LineReader } from './line-reader.ts';
import {
	hasUncompared,
	isInPlainFile,
	isLater,
	isOutlived,
	isPuzzling,
	isTaken,
	isToBeRead,
	placesFor,
} from './packed-files.ts';
import { mayHold, noticeOf, PackedLog, startsAlike } from './packed-log.ts';
import { isUnmatched } from './match-logs.ts';
import { keyOfPlace } from './seen-file.ts';
import type { PackedJob } from './packed-files.ts';
import type { SeenFile } from './seen-file.ts';
import { compareFiles } from './sibling-names.ts';

/** So much is unpacked before others have their turn. */
const TURN_BYTES = 1024 * 1024;

/** A file that is still being written is unpacked again after this many times as long as it took. */
const RETRY_FACTOR = 10;

const NOTHING = Buffer.alloc(0);

/**
 * Reads compressed logs. One that begins like no log we know is a new one; of the others it takes
 * unpacking to tell whether they are a log that was rotated and compressed, and whether there is
 * more in them than was read before. They are unpacked one after another, a turn at a time.
 */
export class PackedFiles {
	readonly #following: Following;
	#job: PackedJob | undefined;

	constructor(following: Following) {
		this.#following = following;
	}

	/** Takes in what changed, and finds out as far as the first bytes tell which file holds what. */
	match(): void {
		for (const file of this.#following.table.all()) {
			if (file.kind === 'plain' || !file.isListed) {
				continue;
			}
			if (isPuzzling(file) && file.packed === 'unknown') {
				this.#findOut(file);
			} else if (file.log !== undefined) {
				bind(this.#following, file, file.log);
			}
		}
	}

	/** Whether there is something to be done at once. */
	get hasWork(): boolean {
		const files = this.#following.table.all();
		const needsLook = files.some(
			(file) => isPuzzling(file) && file.packed === 'unknown' && file.problem === undefined,
		);
		return this.#job !== undefined || this.#nextFile() !== undefined || needsLook;
	}

	/** Does one turn of work. */
	async turn(): Promise<void> {
		if (this.#job !== undefined && this.#job.file.packed !== 'open') {
			this.close();
		}
		this.#job ??= this.#nextJob();
		const job = this.#job;
		if (job === undefined) {
			return;
		}
		const before = job.packed.position;
		const isDone = await tryWith(job.file, this.#following.now(), async () => {
			while (job.packed.position - before < TURN_BYTES) {
				const done = await (job.log === undefined ? this.#search(job) : this.#read(job, job.log));
				if (done) {
					return true;
				}
			}
			return false;
		});
		if (isDone !== false) {
			this.close();
		}
	}

	close(): void {
		this.#job?.packed.close();
		this.#job = undefined;
	}

	/** By its first bytes: a log read before, a new one, or one that has to be unpacked to tell. */
	#findOut(file: SeenFile): void {
		const { logs } = this.#following;
		const known = logs.findLast(
			(log) => log.file === undefined && keyOfPlace(log.place) === file.key,
		);
		const isOnlyBegun = known?.identity.end === 0 && !known.isClosed;
		const isComplete = known?.isClosed === true && mayHold(file.head, known);
		if (known !== undefined && (isOnlyBegun || isComplete) && !file.wasRead) {
			bind(this.#following, file, known);
			known.historyEnd = isOnlyBegun ? placesFor(file) : 0;
			file.packed = isOnlyBegun ? 'open' : 'done';
			return;
		}
		const isLikeOther =
			logs.some((log) => mayHold(file.head, log)) ||
			this.#alike(file).some((one) => !isLater(one, file));
		file.packed = isLikeOther ? 'open' : 'new';
	}

	#nextFile(): SeenFile | undefined {
		const { table, now } = this.#following;
		const open = table
			.all()
			.filter((file) => file.packed === 'open' && file.isListed && now() >= file.retryAt);
		const read = table.all().filter((file) => isToBeRead(file, open));
		return open
			.filter(
				(file) =>
					// Of two that may be copies, one is read first.
					file.log !== undefined || !read.some((other) => startsAlike(file.head, other.head)),
			)
			.toSorted(
				(one, other) =>
					// As long as it is not known what a file holds, no log is lost.
					Number(one.log !== undefined) - Number(other.log !== undefined) ||
					compareFiles(other, one),
			)[0];
	}

	#nextJob(): PackedJob | undefined {
		const file = this.#nextFile();
		if (file === undefined) {
			return undefined;
		}
		const { logs, open, now } = this.#following;
		const { log } = file;
		const isNew = log?.identity.end === 0;
		if (isNew) {
			log.reader = new LineReader(0, NOTHING, NOTHING);
		}
		const candidates = log === undefined ? logs.filter((one) => mayHold(file.head, one)) : [log];
		file.wasRead = true;
		return {
			file,
			packed: new PackedLog(open, file),
			startedAt: now(),
			candidates: candidates
				.map((one) => ({ log: one, identity: one.identity }))
				.toSorted((one, other) => one.identity.end - other.identity.end),
			compared: [],
			found: undefined,
			log: isNew ? log : undefined,
		};
	}

	/** A step on the way to what a file holds; true if no more is to be unpacked now. */
	async #search(job: PackedJob): Promise<boolean> {
		const { file, packed, candidates } = job;
		const [next] = candidates;
		if (next !== undefined && next.identity.end === packed.position) {
			candidates.shift();
			// What is in a plain file, too, is compared with that file in the end.
			if (!isInPlainFile(next.log, file)) {
				job.compared.push(next.log);
				job.found = packed.isAt(next.identity) ? next.log : job.found;
			}
			return false;
		}
		const mustGoOn =
			file.log === undefined &&
			((job.found !== undefined && isTaken(job.found, file)) ||
				this.#twins(file).some(({ size }) => size >= packed.position));
		if (next === undefined && !mustGoOn) {
			return this.#settle(job);
		}
		const bytes = await packed.next(next?.identity.end);
		return bytes === undefined ? this.#settle(job) : false;
	}

	/** It was unpacked as far as it takes to know what it holds. */
	async #settle(job: PackedJob): Promise<boolean> {
		const { file, packed, found } = job;
		const original = packed.end === undefined ? undefined : await this.#findOriginal(job);
		if (original !== undefined && original !== file) {
			file.copyOf = original;
			file.packed = 'unknown';
			return true;
		}
		if (found !== undefined && (!isTaken(found, file) || isOutlived(found))) {
			if (isTaken(found, file) && found.file !== undefined) {
				await this.#following.table.drop(found.file);
			}
			bind(this.#following, file, found);
			found.historyEnd = 0;
			if (packed.position > found.identity.end) {
				return true; // once more from the beginning, with nothing else to look for
			}
			found.reader = packed.reader();
			job.log = found;
			return false;
		}
		const { log, hasBeginningOf } = file;
		if (log !== undefined) {
			// It is not in it any more.
			this.#following.overwritten.add(log);
			log.file = undefined;
			file.log = undefined;
			file.packed = 'unknown';
		} else if (packed.end !== undefined && hasBeginningOf?.file === undefined && hasBeginningOf) {
			await bindCut(this.#following, file, hasBeginningOf);
			file.packed = 'done';
		} else {
			// Once more, if there is something else by now that it may be.
			file.packed = hasUncompared(job, this.#following.logs) ? 'unknown' : 'new';
		}
		return true;
	}

	/** Hands over what comes next; true at the end of the file. */
	async #read({ file, packed, startedAt }: PackedJob, log: FollowedLog): Promise<boolean> {
		const { now, sink } = this.#following;
		const bytes = await packed.next();
		if (bytes !== undefined) {
			for (const chunk of log.reader?.push(bytes) ?? []) {
				await handOver(this.#following, log, chunk);
			}
			log.knownSize = log.readEnd;
			log.grownAt = now();
			return false;
		}
		file.notice = noticeOf(file, packed.end);
		if (packed.end === 'cut') {
			file.packed = 'cut';
			file.retryAt = now() + (now() - startedAt) * RETRY_FACTOR;
			return true;
		}
		await handOverHeld(this.#following, log);
		file.packed = 'done';
		log.isClosed = true;
		sink.close(log.id);
		return true;
	}

	/** Files that begin like a compressed one. */
	#alike(file: SeenFile): SeenFile[] {
		return this.#following.table
			.all()
			.filter(
				(other) =>
					other !== file &&
					(other.log !== undefined || isUnmatched(other) || isPuzzling(other)) &&
					startsAlike(file.head, other.head),
			);
	}

	#twins(file: SeenFile): SeenFile[] {
		return this.#alike(file).filter(({ kind }) => kind === 'plain');
	}

	/** Another file of which the compressed one, which was unpacked, has the beginning or all. */
	async #findOriginal({ file, packed, found }: PackedJob): Promise<SeenFile | undefined> {
		const { position, last } = packed;
		if (found !== undefined && isTaken(found, file) && position === found.identity.end) {
			return found.file;
		}
		for (const other of file.log === undefined ? this.#twins(file) : []) {
			const bytes = await this.#following.open.read(other, position - last.length, last.length);
			if (bytes.equals(last)) {
				return other;
			}
		}
		return undefined;
	}
}
