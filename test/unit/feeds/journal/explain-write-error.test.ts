import { expect, test } from 'vitest';
import { explainWriteError } from '#feeds/journal/explain-write-error.ts';

const failure = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });

test('a disk that is full and a folder that is closed are told apart', () => {
	expect(explainWriteError(failure('ENOSPC'), '/data/1')).toBe(
		'The disk with /data/1 is full: what comes is held back until there is room.',
	);
	expect(explainWriteError(failure('EACCES'), '/data/1')).toBe(
		"/data/1 can't be written to: what comes is held back. Check its permissions.",
	);
	expect(explainWriteError(failure('EIO'), '/data/1')).toBe(
		"/data/1 can't be written to (EIO: it failed): what comes is held back and tried again.",
	);
});
