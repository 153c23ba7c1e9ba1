import type { FollowedLog } from './followed-log.ts';
import type { Following } from './following.ts';
import { handOverHeld } from './follow-plain.ts';
import { keyOfPlace } from './seen-file.ts';
import type { SeenFile } from './seen-file.ts';

/** From now on the file holds the log. Another one that held it is a copy of this one. */
export function bind(following: Following, file: SeenFile, log: FollowedLog): void {
	const old = log.file;
	if (old !== undefined && old !== file) {
		old.log = undefined;
		old.copyOf = file;
	}
	file.log = log;
	file.copyOf = undefined;
	log.file = file;
	log.isCut = false;
	following.overwritten.delete(log);
	const { place } = file;
	const isElsewhere = place.path !== log.place.path || file.key !== keyOfPlace(log.place);
	if (file.isListed && (isElsewhere || place.kind !== log.place.kind)) {
		following.sink.move(log.id, place);
		log.place = place;
	}
}

/**
 * The file is a copy that was made before the last lines of a log came, which were read from the
 * original. That is gone: nothing more will come of the log, but what was left of it is here.
 */
export async function bindCut(
	following: Following,
	file: SeenFile,
	log: FollowedLog,
): Promise<void> {
	await handOverHeld(following, log);
	bind(following, file, log);
	log.isCut = true;
	following.sink.close(log.id);
	log.isClosed = true;
}

/** No file has the log any more: whatever is in its inode from now on is another one. */
export function unplace(following: Following, log: FollowedLog): void {
	log.place = { ...log.place, device: '', inode: '', birth: '' };
	following.sink.move(log.id, log.place);
}
