import { MAX_LEVEL_LENGTH, MAX_TEXT_LENGTH } from '../limits.ts';
import { LineStatus } from '../scanner.ts';
import { JsonReader } from './json.ts';
import { TimeReader } from './time.ts';

/** AsyncZ's keys in their quotes, in the order it writes them. */
const KEYS = ['"ts"', '"level"', '"message"', '"logger"', '"task_id"', '"extra"'].map((key) =>
	Buffer.from(key),
);

/** Numbers of these keys. */
const TS = 0;
const LEVEL = 1;
const MESSAGE = 2;
const LOGGER = 3;
const TASK = 4;
const EXTRA = 5;

/** Bits of the keys that a record must have. */
const NEEDED = (1 << TS) | (1 << LEVEL) | (1 << MESSAGE) | (1 << LOGGER);

/** One AsyncZ record. Its fields hold for the line read last, if that was a record. */
export class RecordReader {
	/** Microseconds since 1970. */
	ts = 0;
	/** Where the texts begin and end, between their quotes. */
	levelStart = 0;
	levelEnd = 0;
	loggerStart = 0;
	loggerEnd = 0;
	messageStart = 0;
	messageEnd = 0;
	/** Both 0 if there is no task. */
	taskStart = 0;
	taskEnd = 0;
	/** Where the line ends, its LF not included. */
	end = 0;

	readonly #json = new JsonReader();
	readonly #time = new TimeReader();
	#hasCoding = false;

	/** Sets the input. It must have an LF behind what is to be read. */
	open(bytes: Uint8Array): void {
		this.#json.bytes = bytes;
		this.#time.bytes = bytes;
	}

	/** Reads the line that begins at `start`; one of `LineStatus`. */
	read(start: number): number {
		const json = this.#json;
		const { bytes } = json;
		json.mayNameTask = false;
		this.taskStart = 0;
		this.taskEnd = 0;
		if (bytes[start] !== 0x7b) {
			return LineStatus.other;
		}
		let seen = 0;
		let expected = 0;
		let at = json.space(start + 1);
		for (;;) {
			const name = this.#keyAt(at, expected);
			const key = KEYS[name];
			if (key === undefined || (seen & (1 << name)) !== 0) {
				return LineStatus.other;
			}
			seen |= 1 << name;
			expected = name + 1;
			at = json.space(at + key.length);
			at = bytes[at] === 0x3a ? this.#member(name, json.space(at + 1)) : -1;
			if (at < 0) {
				return LineStatus.other;
			}
			at = json.space(at);
			if (bytes[at] !== 0x2c) {
				break;
			}
			at = json.space(at + 1);
		}
		this.end = json.space(at + 1);
		const isWhole = bytes[at] === 0x7d && bytes[this.end] === 0x0a;
		const isRecord = (seen & NEEDED) === NEEDED && seen > NEEDED;
		if (!isWhole || !isRecord || (this.taskEnd === 0 && json.mayNameTask)) {
			return LineStatus.other;
		}
		return this.#hasCoding ? LineStatus.recordWithCoding : LineStatus.record;
	}

	/** The number of the key that stands here, most likely the expected one; -1 for any other key. */
	#keyAt(at: number, expected: number): number {
		const { bytes } = this.#json;
		return isKeyAt(bytes, at, expected)
			? expected
			: KEYS.findIndex((_, name) => isKeyAt(bytes, at, name));
	}

	/** Reads a member's value; -1 if it is none, or not one that this member may have. */
	#member(name: number, at: number): number {
		const json = this.#json;
		const { bytes } = json;
		if (name === EXTRA) {
			return json.value(at, 1);
		}
		if (bytes[at] !== 0x22) {
			return name === TASK && bytes[at] === 0x6e ? json.value(at, 1) : -1;
		}
		const start = at + 1;
		const behind = json.string(start);
		const end = behind - 1;
		if (behind < 0) {
			return -1;
		}
		if (name === MESSAGE) {
			this.messageStart = start;
			this.messageEnd = end;
			this.#hasCoding = json.hasEscape || json.hasHigh;
			return this.#isNested(start) ? -1 : behind;
		}
		if (json.hasEscape) {
			return -1;
		}
		switch (name) {
			case TS:
				this.ts = this.#time.micros(start, end);
				return Number.isNaN(this.ts) ? -1 : behind;
			case LEVEL:
				this.levelStart = start;
				this.levelEnd = end;
				return isLevel(bytes, start, end) ? behind : -1;
			case LOGGER:
				this.loggerStart = start;
				this.loggerEnd = end;
				return end - start <= MAX_TEXT_LENGTH ? behind : -1;
			default:
				this.taskStart = start;
				this.taskEnd = end;
				return end > start && end - start <= MAX_TEXT_LENGTH ? behind : -1;
		}
	}

	/** Whether a message may begin with `{`, behind white space of any kind: it is an object's text. */
	#isNested(from: number): boolean {
		const { bytes } = this.#json;
		let at = from;
		for (;;) {
			const byte = bytes[at] as number;
			if (byte === 0x20) {
				at++;
			} else if (byte === 0x5c) {
				const kind = bytes[at + 1];
				if (kind === 0x75) {
					const unit = this.#json.codeUnit(at + 2);
					return unit <= 0x20 || unit === 0x7b || isSpaceRow(unit);
				}
				if (kind === 0x22 || kind === 0x5c || kind === 0x2f) {
					return false;
				}
				at += 2;
			} else if (byte >= 0xc2 && byte < 0xf0) {
				const low = (bytes[at + 1] as number) & 0x3f;
				return isSpaceRow(
					byte < 0xe0 ? ((byte & 0x1f) << 6) | low : ((byte & 0x0f) << 12) | (low << 6),
				);
			} else {
				return byte === 0x7b;
			}
		}
	}
}

function isKeyAt(bytes: Uint8Array, at: number, name: number): boolean {
	const key = KEYS[name];
	if (key === undefined) {
		return false;
	}
	for (let index = 0; index < key.length; index++) {
		if (bytes[at + index] !== key[index]) {
			return false;
		}
	}
	return true;
}

/**
 * Whether a character stands in a row of 64 that has white space: U+0080 (U+0085, U+00A0), U+1680,
 * U+2000, U+2040, U+3000 or U+FEC0 (U+FEFF).
 */
function isSpaceRow(character: number): boolean {
	const row = character & 0xffc0;
	return (
		row === 0x80 ||
		row === 0x1680 ||
		row === 0x2000 ||
		row === 0x2040 ||
		row === 0x3000 ||
		row === 0xfec0
	);
}

/** Whether a level is one that stays as it is: visible ASCII without small letters. */
function isLevel(bytes: Uint8Array, from: number, to: number): boolean {
	if (to === from || to - from > MAX_LEVEL_LENGTH) {
		return false;
	}
	for (let at = from; at < to; at++) {
		const byte = bytes[at] as number;
		if (byte <= 0x20 || byte >= 0x7f || (byte >= 0x61 && byte <= 0x7a)) {
			return false;
		}
	}
	return true;
}
