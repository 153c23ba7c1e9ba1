import { compareToLog, tryWith } from './check-file.ts';
import type { Following } from './following.ts';
import { startsAlike } from './packed-log.ts';
import type { SeenFile } from './seen-file.ts';
import type { TwinIndex } from './twin-index.ts';

/**
 * Makes sure that a file of which nobody knows what it holds is a log of its own, although it begins
 * like the log of another file. That one may have been emptied or written anew since it was looked
 * at, as a log is that was copied and truncated: then nothing is begun, and both are looked at
 * again, since the log may be in the copy by now.
 */
export async function doubtOriginals(
	following: Following,
	file: SeenFile,
	twins: TwinIndex,
): Promise<void> {
	for (const other of twins.candidates(file)) {
		const { log } = other;
		if (other === file || log === undefined || log.isCut || !startsAlike(file.head, other.head)) {
			continue;
		}
		const found = await tryWith(other, following.now(), () =>
			compareToLog(following.open, other, log),
		);
		// One that can't be read tells nothing, and may stay so for long.
		if (found === undefined && other.problem === undefined) {
			for (const doubtful of [file, other]) {
				doubtful.isDirty = true;
				doubtful.isTorn = true;
			}
			return;
		}
	}
}
