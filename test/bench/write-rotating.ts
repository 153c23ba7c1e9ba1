/**
 * A process of its own that writes logs and rotates them: `write-rotating.ts ORDER`, forked, the
 * order as JSON (`RotatingOrder`). It answers with a `RotatingReport` when all is written.
 */
import {
	closeSync,
	copyFileSync,
	existsSync,
	openSync,
	readFileSync,
	renameSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { RotatingOrder, RotatingReport } from './rotation.ts';
import { createStampedLines } from './stamped-lines.ts';

const TICK_MS = 20;
const KINDS = ['rename', 'copy and truncate', 'rename, and gzip the one before'] as const;

const { folder, files, rate, seconds, rotations } = JSON.parse(
	process.argv[2] ?? '',
) as RotatingOrder;
const paths = Array.from({ length: files }, (_, index) => join(folder, `log-${index}.jsonl`));
const line = createStampedLines();
const total = Math.round(rate * seconds);
let written = 0;
let rotated = 0;

/** Gives each file every so many-th of the lines up to `end`, all in one piece. */
function write(end: number): void {
	const now = Date.now();
	const texts = paths.map(() => '');
	for (; written < end; written++) {
		texts[written % files] += line(written, now);
	}
	paths.forEach((path, index) => {
		const file = openSync(path, 'a');
		writeSync(file, texts[index] ?? '');
		closeSync(file);
	});
}

/** What logrotate does: the siblings move up by one, then the log becomes the first of them. */
function rotate(path: string, kind: (typeof KINDS)[number]): void {
	let count = 0;
	while (siblingOf(path, count + 1) !== undefined) {
		count++;
	}
	for (let number = count; number >= 1; number--) {
		const from = siblingOf(path, number) ?? '';
		renameSync(from, `${path}.${number + 1}${from.endsWith('.gz') ? '.gz' : ''}`);
	}
	if (kind === 'copy and truncate') {
		copyFileSync(path, `${path}.1`);
		truncateSync(path);
	} else {
		renameSync(path, `${path}.1`);
	}
	const before = `${path}.2`;
	if (kind === 'rename, and gzip the one before' && existsSync(before)) {
		writeFileSync(`${before}.gz`, gzipSync(readFileSync(before)));
		unlinkSync(before);
	}
}

function siblingOf(path: string, number: number): string | undefined {
	return [`${path}.${number}`, `${path}.${number}.gz`].find((name) => existsSync(name));
}

const started = performance.now();
while (written < total) {
	const elapsed = (performance.now() - started) / 1_000;
	write(Math.min(Math.floor(elapsed * rate), total));
	// Evenly over the time, the first one not before there is something to rotate.
	if (rotated < rotations && elapsed >= ((rotated + 0.5) * seconds) / rotations) {
		rotate(paths[rotated % files] ?? '', KINDS[rotated % KINDS.length] ?? 'rename');
		rotated++;
	}
	await delay(TICK_MS);
}
process.send?.({
	written,
	rotations: rotated,
	seconds: (performance.now() - started) / 1_000,
} satisfies RotatingReport);
process.disconnect();
