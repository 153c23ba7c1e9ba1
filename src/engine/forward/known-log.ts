import { open } from 'node:fs/promises';
import { hashOf, isSameLog } from '../file-identity.ts';
import type { FileIdentity, Generation } from '../log-sink.ts';

/**
 * Whether a log is the one of which `known` was read once: it begins with the same bytes, and has the
 * same ones where that was read to. Of a compressed log that can be told only if it was read just as
 * far. `false` where its file can't be read: what is known of no log is handed on.
 */
export async function isKnownLog(
	{ place, identity }: Pick<Generation, 'place' | 'identity'>,
	known: FileIdentity,
): Promise<boolean> {
	if (identity.end <= known.end) {
		return isSameLog(identity, known);
	}
	const isOther = identity.headLength === known.headLength && identity.head !== known.head;
	if (isOther || (place.kind !== 'plain' && place.kind !== 'journal')) {
		return false;
	}
	const { headLength, head, tailLength, tail, end } = known;
	try {
		const file = await open(place.path);
		try {
			const has = async (start: number, length: number, hash: string) => {
				const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, start);
				return bytesRead === length && hashOf(buffer) === hash;
			};
			return (await has(0, headLength, head)) && (await has(end - tailLength, tailLength, tail));
		} finally {
			await file.close();
		}
	} catch {
		return false;
	}
}
