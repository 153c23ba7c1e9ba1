import * as fs from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Random } from '../../../support/entries.ts';

/** What was written and by which descriptor; an inode that the writer may still hold. */
interface Writer {
	readonly fd: number;
	readonly inode: bigint;
	isHalf: boolean;
}

const ROTATED = 4;

/**
 * A log and all that can be done to it: written to, rotated in every way, destroyed. Every line is
 * unlike all others, but for an optional header that all its files begin with.
 */
export class ModelLog {
	readonly folder: string;
	readonly path: string;
	readonly #away: string;
	readonly #random: Random;
	readonly #header: string;
	#writer: Writer;
	/** Writers that have not noticed that their file was renamed or deleted. */
	#late: Writer[] = [];
	/** A copy was made and its original is still to be truncated. */
	#isCopied = false;
	#wasCopied = false;
	#count = 0;
	#moves = 0;
	lineCount = 0;

	constructor(folder: string, random: Random) {
		this.folder = join(folder, 'logs');
		this.#away = join(folder, 'away');
		fs.mkdirSync(this.folder);
		fs.mkdirSync(this.#away);
		this.path = join(this.folder, 'app.log');
		this.#random = random;
		this.#header = random.chance(0.4) ? `#header ${'='.repeat(random.pick([40, 1_300]))}\n` : '';
		this.#writer = this.#open();
	}

	/** Whether what was read since the last copy may be lost to whoever forgets having read it. */
	get isCopied(): boolean {
		return this.#isCopied;
	}

	get hasHalfLine(): boolean {
		return this.#writer.isHalf || this.#late.some(({ isHalf }) => isHalf);
	}

	/** Inodes written to that may have no name any more. */
	get lateWriters(): readonly Writer[] {
		return this.#late;
	}

	append(count = 1 + this.#random.below(20)): void {
		for (let n = 0; n < count; n++) {
			this.#write(this.#writer, `${this.#half(this.#writer)}${this.#line()}\n`);
		}
	}

	/** Half a line; its rest comes with what is written next. */
	half(): void {
		const writer = this.#random.pick([this.#writer, ...this.#late]);
		this.#write(writer, `${this.#half(writer)}${this.#line()}`);
		writer.isHalf = true;
	}

	late(): void {
		const writer = this.#late.at(-1);
		if (writer !== undefined) {
			this.#write(writer, `${this.#half(writer)}${this.#line()}\n`);
		}
	}

	endLate(): void {
		this.#late.forEach(({ fd }) => fs.closeSync(fd));
		this.#late = [];
	}

	rename(): void {
		this.#shift();
		fs.renameSync(this.path, `${this.path}.1`);
		this.#leaveWriter();
		if (this.#random.chance(0.5)) {
			this.late();
		}
		this.#writer = this.#open();
	}

	copyTruncate(): void {
		this.#shift();
		fs.copyFileSync(this.path, `${this.path}.1`);
		fs.truncateSync(this.path, 0);
		this.#writer.isHalf = false;
	}

	/** As `copyTruncate`, in two steps: what is written in between is in no copy. */
	copy(): void {
		this.#wasCopied = true;
		this.#shift();
		fs.copyFileSync(this.path, `${this.path}.1`);
		this.#isCopied = true;
	}

	truncateCopied(): void {
		fs.truncateSync(this.path, 0);
		this.#writer.isHalf = false;
		this.#isCopied = false;
	}

	/** The writer goes on where it was, which leaves a hole at the beginning. */
	copyTruncateStale(): void {
		this.#finish(this.#writer);
		this.#shift();
		fs.copyFileSync(this.path, `${this.path}.1`);
		const end = fs.fstatSync(this.#writer.fd).size;
		fs.truncateSync(this.path, 0);
		const fd = fs.openSync(this.path, 'r+');
		fs.writeSync(fd, `${this.#line()}\n`, end);
		this.lineCount++;
		fs.closeSync(fd);
	}

	rewriteLarger(): void {
		const { size } = fs.fstatSync(this.#writer.fd);
		fs.truncateSync(this.path, 0);
		this.#writer.isHalf = false;
		fs.writeSync(this.#writer.fd, this.#header);
		do {
			this.append(5);
		} while (fs.fstatSync(this.#writer.fd).size <= size);
	}

	recreate(): void {
		fs.unlinkSync(this.path);
		this.#leaveWriter();
		this.#writer = this.#open();
		this.append(1 + this.#random.below(5));
	}

	moveAway(): void {
		fs.renameSync(this.path, join(this.#away, `moved.${this.#moves++}`));
		this.#leaveWriter();
		this.#writer = this.#open();
	}

	/** As an editor saves it: a new file with the same bytes and more. */
	save(): void {
		this.#finish(this.#writer);
		fs.closeSync(this.#writer.fd);
		fs.copyFileSync(this.path, `${this.path}~`);
		fs.renameSync(`${this.path}~`, this.path);
		this.#writer = this.#open();
		this.append(1);
	}

	compress(kind: 'gz' | 'zst'): void {
		const path = `${this.path}.${1 + this.#random.below(2)}`;
		// Nobody compresses what is still written to. And a copy that lacks lines which were read from
		// its original is not known again once it was compressed while nobody looked.
		if (
			!this.#wasCopied &&
			fs.existsSync(path) &&
			!this.#late.some(({ inode }) => inode === inodeOf(path))
		) {
			const bytes = fs.readFileSync(path);
			const packed = kind === 'gz' ? gzipSync(bytes, { level: 1 }) : zstdCompressSync(bytes);
			fs.writeFileSync(`${path}.${kind}.part`, packed);
			fs.renameSync(`${path}.${kind}.part`, `${path}.${kind}`);
			if (this.#random.chance(0.5)) {
				fs.unlinkSync(path);
			}
		}
	}

	/** The complete lines of every file with a name, as they are now. */
	visible(): readonly string[] {
		return fs
			.readdirSync(this.folder)
			.filter((name) => !name.endsWith('.part'))
			.flatMap((name) => linesOf(unpack(join(this.folder, name))));
	}

	/** The complete lines of a file by its writer. */
	linesOf(writer: Writer): readonly string[] {
		const { size } = fs.fstatSync(writer.fd);
		const bytes = Buffer.alloc(size);
		fs.readSync(writer.fd, bytes, 0, size, 0);
		return linesOf(bytes);
	}

	close(): void {
		fs.closeSync(this.#writer.fd);
		this.endLate();
	}

	#open(): Writer {
		const fd = fs.openSync(this.path, 'a+');
		const { size, ino } = fs.fstatSync(fd, { bigint: true });
		if (size === 0n) {
			fs.writeSync(fd, this.#header);
		}
		return { fd, inode: ino, isHalf: false };
	}

	#leaveWriter(): void {
		this.#late.push(this.#writer);
		if (this.#late.length > 2) {
			this.#late.splice(0, 1).forEach(({ fd }) => fs.closeSync(fd));
		}
	}

	#line(): string {
		return `line ${this.#count++} ${'x'.repeat(this.#random.below(30))}.`;
	}

	/** The rest of the line that was begun, if one was. */
	#half(writer: Writer): string {
		const rest = writer.isHalf ? ` rest ${this.#count++}.\n` : '';
		writer.isHalf = false;
		return rest;
	}

	#finish(writer: Writer): void {
		this.#write(writer, this.#half(writer));
	}

	#write(writer: Writer, text: string): void {
		fs.writeSync(writer.fd, text);
		this.lineCount += text.split('\n').length - 1;
	}

	#shift(): void {
		for (let n = ROTATED; n >= 1; n--) {
			for (const end of ['', '.gz', '.zst']) {
				const path = `${this.path}.${n}${end}`;
				if (fs.existsSync(path)) {
					if (n === ROTATED) {
						fs.unlinkSync(path);
					} else {
						fs.renameSync(path, `${this.path}.${n + 1}${end}`);
					}
				}
			}
		}
	}
}

/** Whether a line is one that stands in no more than one log. */
export function isUnique(line: string): boolean {
	return line !== '' && !line.startsWith('#header');
}

function inodeOf(path: string): bigint {
	return fs.statSync(path, { bigint: true }).ino;
}

function unpack(path: string): Buffer {
	const bytes = fs.readFileSync(path);
	return path.endsWith('.gz')
		? gunzipSync(bytes)
		: path.endsWith('.zst')
			? zstdDecompressSync(bytes)
			: bytes;
}

/** Complete lines, without the NULs that a truncated file begins with. */
function linesOf(bytes: Buffer): string[] {
	return bytes
		.toString()
		.split('\n')
		.slice(0, -1)
		.map((line) => line.replace(/^\0+/, ''));
}
