import { MAX_DEPTH } from '../limits.ts';

/** What the reader must look at in a string; all other bytes are passed over. */
const PLAIN = 0;
const QUOTE = 1;
const ESCAPE = 2;
const CONTROL = 3;
const HIGH = 4;

const KIND = Uint8Array.from({ length: 256 }, (_, byte) => {
	if (byte === 0x22) {
		return QUOTE;
	}
	if (byte === 0x5c) {
		return ESCAPE;
	}
	return byte < 0x20 ? CONTROL : byte < 0x80 ? PLAIN : HIGH;
});

const HEX = Int8Array.from({ length: 256 }, (_, byte) => {
	const digit = Number.parseInt(String.fromCharCode(byte), 16);
	return Number.isNaN(digit) ? -1 : digit;
});

/** The keys by which an object in the record may name its task. */
const TASK_KEYS = ['task_id', 'job_id', 'asyncz_task_id'].map((key) => Buffer.from(key));

/**
 * The grammar of JSON over bytes, as strict as `JSON.parse`, and stricter: no invalid UTF-8, no
 * lone surrogate, no depth beyond `MAX_DEPTH`. Each method takes the place where something begins
 * and returns the place behind it, or -1 if it is not that. It never passes an LF, so that the
 * input needs one behind its end.
 */
export class JsonReader {
	bytes: Uint8Array = new Uint8Array(0);
	/** Whether the last string had an escape, or a character beyond ASCII. */
	hasEscape = false;
	hasHigh = false;
	/** Set when an object directly in the record may have a task's key. */
	mayNameTask = false;

	/** Behind spaces, tabs and CRs. */
	space(from: number): number {
		const { bytes } = this;
		let at = from;
		for (;;) {
			const byte = bytes[at];
			if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) {
				return at;
			}
			at++;
		}
	}

	/** A string from behind its first quote. */
	string(from: number): number {
		const { bytes } = this;
		this.hasEscape = false;
		this.hasHigh = false;
		let at = from;
		for (;;) {
			let kind = KIND[bytes[at] as number];
			while (kind === PLAIN) {
				kind = KIND[bytes[++at] as number];
			}
			if (kind === QUOTE) {
				return at + 1;
			}
			if (kind === ESCAPE) {
				this.hasEscape = true;
				at = this.#escape(at);
			} else if (kind === HIGH) {
				this.hasHigh = true;
				at = this.#character(at);
			} else {
				return -1;
			}
			if (at < 0) {
				return -1;
			}
		}
	}

	/** Any value, within `depth` objects and arrays. */
	value(at: number, depth: number): number {
		switch (this.bytes[at]) {
			case 0x22:
				return this.string(at + 1);
			case 0x7b:
				return depth < MAX_DEPTH ? this.#object(at, depth + 1) : -1;
			case 0x5b:
				return depth < MAX_DEPTH ? this.#array(at, depth + 1) : -1;
			case 0x74:
				return this.#word(at, 0x72, 0x75, 0x65);
			case 0x6e:
				return this.#word(at, 0x75, 0x6c, 0x6c);
			case 0x66:
				return this.bytes[at + 1] === 0x61 ? this.#word(at + 1, 0x6c, 0x73, 0x65) : -1;
			default:
				return this.#number(at);
		}
	}

	#object(from: number, depth: number): number {
		const { bytes } = this;
		let at = this.space(from + 1);
		if (bytes[at] === 0x7d) {
			return at + 1;
		}
		for (;;) {
			if (bytes[at] !== 0x22) {
				return -1;
			}
			const key = at + 1;
			at = this.string(key);
			if (at < 0) {
				return -1;
			}
			if (depth === 2 && (this.hasEscape || isTaskKey(bytes, key, at - 1))) {
				this.mayNameTask = true;
			}
			at = this.space(at);
			if (bytes[at] !== 0x3a) {
				return -1;
			}
			at = this.value(this.space(at + 1), depth);
			if (at < 0) {
				return -1;
			}
			at = this.space(at);
			if (bytes[at] !== 0x2c) {
				return bytes[at] === 0x7d ? at + 1 : -1;
			}
			at = this.space(at + 1);
		}
	}

	#array(from: number, depth: number): number {
		const { bytes } = this;
		let at = this.space(from + 1);
		if (bytes[at] === 0x5d) {
			return at + 1;
		}
		for (;;) {
			at = this.value(at, depth);
			if (at < 0) {
				return -1;
			}
			at = this.space(at);
			if (bytes[at] !== 0x2c) {
				return bytes[at] === 0x5d ? at + 1 : -1;
			}
			at = this.space(at + 1);
		}
	}

	/** A word by its second to fourth letter. */
	#word(at: number, second: number, third: number, fourth: number): number {
		const { bytes } = this;
		return bytes[at + 1] === second && bytes[at + 2] === third && bytes[at + 3] === fourth
			? at + 4
			: -1;
	}

	#number(from: number): number {
		const { bytes } = this;
		let at = bytes[from] === 0x2d ? from + 1 : from;
		// A number that begins with 0 has no more digits before its point.
		at = bytes[at] === 0x30 ? at + 1 : this.#digits(at);
		if (at >= 0 && bytes[at] === 0x2e) {
			at = this.#digits(at + 1);
		}
		if (at >= 0 && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
			at++;
			at = this.#digits(bytes[at] === 0x2b || bytes[at] === 0x2d ? at + 1 : at);
		}
		return at;
	}

	/** One digit or more. */
	#digits(from: number): number {
		const { bytes } = this;
		let at = from;
		while (isDigit(bytes[at])) {
			at++;
		}
		return at > from ? at : -1;
	}

	/** An escape from its backslash; both halves of a surrogate pair. */
	#escape(at: number): number {
		const { bytes } = this;
		switch (bytes[at + 1]) {
			case 0x22: // "
			case 0x5c: // \
			case 0x2f: // /
			case 0x62: // b
			case 0x66: // f
			case 0x6e: // n
			case 0x72: // r
			case 0x74: // t
				return at + 2;
			case 0x75: {
				const unit = this.codeUnit(at + 2);
				if (unit < 0 || (unit & 0xf800) !== 0xd800) {
					return unit < 0 ? -1 : at + 6;
				}
				const isPair =
					unit < 0xdc00 &&
					bytes[at + 6] === 0x5c &&
					bytes[at + 7] === 0x75 &&
					(this.codeUnit(at + 8) & 0xfc00) === 0xdc00;
				return isPair ? at + 12 : -1;
			}
			default:
				return -1;
		}
	}

	/** The value of four hexadecimal digits, negative if they are none. */
	codeUnit(from: number): number {
		let unit = 0;
		for (let at = from; at < from + 4; at++) {
			const digit = HEX[this.bytes[at] ?? 0] as number;
			if (digit < 0) {
				return -0x10_000;
			}
			unit = unit * 16 + digit;
		}
		return unit;
	}

	/** A character of two to four bytes. */
	#character(at: number): number {
		const { bytes } = this;
		const first = bytes[at] as number;
		const second = bytes[at + 1] ?? 0;
		if (first < 0xe0) {
			return first >= 0xc2 && isContinuation(second) ? at + 2 : -1;
		}
		if (first < 0xf0) {
			// Not what two bytes could say, and no surrogates.
			const isRight =
				isContinuation(second) &&
				(first !== 0xe0 || second >= 0xa0) &&
				(first !== 0xed || second < 0xa0);
			return isRight && isContinuation(bytes[at + 2]) ? at + 3 : -1;
		}
		// Not what three bytes could say, and nothing beyond U+10FFFF.
		const isRight =
			isContinuation(second) &&
			(first !== 0xf0 || second >= 0x90) &&
			(first < 0xf4 || (first === 0xf4 && second < 0x90));
		return isRight && isContinuation(bytes[at + 2]) && isContinuation(bytes[at + 3]) ? at + 4 : -1;
	}
}

export function isDigit(byte: number | undefined): boolean {
	return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isContinuation(byte: number | undefined): boolean {
	return byte !== undefined && (byte & 0xc0) === 0x80;
}

function isTaskKey(bytes: Uint8Array, from: number, to: number): boolean {
	return TASK_KEYS.some((key) => isText(bytes, from, to, key));
}

/** Whether bytes [from, to) are `text`. */
export function isText(bytes: Uint8Array, from: number, to: number, text: Uint8Array): boolean {
	if (to - from !== text.length) {
		return false;
	}
	for (let at = 0; at < text.length; at++) {
		if (bytes[from + at] !== text[at]) {
			return false;
		}
	}
	return true;
}
