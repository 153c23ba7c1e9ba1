import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FileWindows } from '#engine/segments/query/text/file-windows.ts';
import { Random } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';

const MEGABYTE = 1024 * 1024;
/** More than is kept of files, and not a whole number of windows. */
const FILE_BYTES = 12 * MEGABYTE + 1_236;

test('windows are used again for other parts of a file, and have what stands there', () => {
	const { fd, path, bytes } = writeFile();
	const windows = new FileWindows();
	const random = new Random(5);
	const page = Buffer.alloc(4_000);
	const read = (offset: number, length: number) => {
		const into = page.subarray(0, length);
		return windows.read(1, fd, offset, into) ? into : undefined;
	};
	const before = process.memoryUsage().arrayBuffers;
	for (let index = 0; index < 3_000; index++) {
		const length = random.below(4_000);
		const offset = random.below(FILE_BYTES - length);
		const found = read(offset, length);
		if (found?.equals(bytes.subarray(offset, offset + length)) !== true) {
			throw new Error(`${length} bytes at ${offset} are others`);
		}
	}
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(9 * MEGABYTE);
	expect(read(FILE_BYTES - 10, 11)).toBeUndefined();
	expect(read(FILE_BYTES - 10, 10)).toEqual(bytes.subarray(FILE_BYTES - 10));

	// What could not be read, or is forgotten, leaves no window with what another one has.
	truncateSync(path, MEGABYTE);
	windows.forget(1);
	expect(read(5 * MEGABYTE, 100)).toBeUndefined();
	expect(read(MEGABYTE - 100, 100)).toEqual(bytes.subarray(MEGABYTE - 100, MEGABYTE));
	expect(read(0, 100)).toEqual(bytes.subarray(0, 100));
});

function writeFile(): { readonly fd: number; readonly path: string; readonly bytes: Buffer } {
	const path = join(temporaryFolder(), 'log');
	const words = new Uint32Array(FILE_BYTES / 4).map((_, index) => Math.imul(index, 0x9e3779b1));
	const bytes = Buffer.from(words.buffer);
	writeFileSync(path, bytes);
	const fd = openSync(path, 'r');
	onTestFinished(() => closeSync(fd));
	return { fd, path, bytes };
}
