import { basename } from 'node:path';
import { unplace } from './bind-log.ts';
import { isPuzzling } from './packed-files.ts';
import { handOverHeld } from './follow-plain.ts';
import type { FollowedLog } from './followed-log.ts';
import type { Following } from './following.ts';
import { isUnmatched } from './match-logs.ts';
import { keyOfPlace } from './seen-file.ts';
import type { SeenFile } from './seen-file.ts';

/** A file without a name is read on until nothing was written to it for so long … */
const LINGER_MS = 5_000;
/** … and at most for so long. */
const MAX_LINGER_MS = 10 * 60_000;

/** Gives up what can't come back, and says what was lost with it. */
export async function settleLogs(following: Following): Promise<void> {
	const { table, overwritten, logs } = following;
	await endNameless(following);
	if (table.all().some(isUndecided)) {
		return;
	}
	for (const log of [...overwritten].filter(({ isClosed }) => !isClosed)) {
		await giveUp(following, log, 'overwritten');
	}
	overwritten.clear();
	for (const log of logs) {
		const other = table.byPath.get(log.place.path);
		if (!log.isClosed && log.file === undefined && other !== undefined) {
			const isSameFile = other.key === keyOfPlace(log.place);
			await giveUp(following, log, isSameFile ? 'overwritten' : 'replaced', other);
		}
	}
}

/** What was read is kept in memory for so long. */
const RECENT_MS = 10_000;

/** Hands over lines that have waited too long for their end, of logs that nobody writes to any more. */
export async function endIdleLines(following: Following): Promise<void> {
	const { logs, now } = following;
	for (const log of logs) {
		const { file, reader } = log;
		if (now() - log.grownAt >= RECENT_MS) {
			reader?.forgetRecent();
		}
		const isHeld = reader !== undefined && reader.heldBytes > 0 && file?.kind === 'plain';
		const isIdle = now() - log.grownAt >= LINGER_MS && log.readEnd >= (file?.size ?? 0);
		if (isHeld && !file.isActive && isIdle && file.problem === undefined && !file.isDirty) {
			await handOverHeld(following, log);
		}
	}
}

/** Hands over the lines without an end that files end with: nothing more will come. */
export async function endLines(following: Following): Promise<void> {
	for (const log of following.logs) {
		const { file, reader } = log;
		if (file?.kind === 'plain' && reader !== undefined && reader.heldBytes > 0) {
			await handOverHeld(following, log);
		}
	}
}

/** While this is so, a log that seems lost may yet turn up in that file. */
function isUndecided(file: SeenFile): boolean {
	return (
		isPuzzling(file) ||
		isUnmatched(file) ||
		(file.log === undefined &&
			file.copyOf === undefined &&
			(file.problem !== undefined || file.isLost || file.isTorn))
	);
}

/** Lets go of files without a name once nothing more is written to them. */
async function endNameless(following: Following): Promise<void> {
	const { table, open, sink, now } = following;
	for (const file of table.all()) {
		const idleSince = Math.max(file.unlistedAt, file.changedAt);
		const isIdle = now() - idleSince >= LINGER_MS;
		const isDone = isIdle || now() - file.unlistedAt >= MAX_LINGER_MS;
		if (!file.isListed && isDone && !file.isDirty) {
			const { log } = file;
			const hasHeir = table.all().some((other) => other.copyOf === file && other.isListed);
			if (log !== undefined && !hasHeir) {
				await handOverHeld(following, log);
				const isDeleted = (await open.stat(file)).nlink === 0n;
				if (isDeleted) {
					const name = basename(file.path);
					sink.destroy(log.id, `${name} was deleted before all of it could be read.`);
				}
				close(following, log);
			}
			await table.drop(file);
		}
	}
}

/** The log's bytes are nowhere any more. */
async function giveUp(
	following: Following,
	log: FollowedLog,
	how: 'overwritten' | 'replaced',
	other?: SeenFile,
): Promise<void> {
	const { sink } = following;
	const name = basename(log.place.path);
	const wasFollowed = log.reader !== undefined;
	const unread = log.knownSize - log.readEnd;
	await handOverHeld(following, log);
	sink.destroy(log.id, `${name} was ${how} before all of it could be read.`);
	if (unread > 0) {
		const message = `At least ${unread.toLocaleString('en')} bytes of ${name} were ${how} before they could be read.`;
		sink.gap({ generation: log.id, bytes: unread, message });
	} else if (!wasFollowed && (how === 'overwritten' || other?.isActive === true)) {
		const message = `${name} was ${how} while it was not followed. What was written to it in between may be lost.`;
		sink.gap({ generation: log.id, message });
	}
	close(following, log);
}

function close(following: Following, log: FollowedLog): void {
	unplace(following, log);
	following.sink.close(log.id);
	log.isClosed = true;
	log.reader = undefined;
	following.overwritten.delete(log);
}
