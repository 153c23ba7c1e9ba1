import { FrameRefused } from './frame-refused.ts';
import { knownValue } from './known-objects.ts';
import { MAX_DEPTH, MAX_LINE_LENGTH, MAX_VALUES } from './limits.ts';
import { madeObject } from './made-object.ts';
import type { MadeObject } from './made-object.ts';
import { PyBytes, PyFloat, PyName, PyObject } from './pickle-value.ts';
import type { PickleDict, PickleValue } from './pickle-value.ts';
import { reprOfBytes, textOfPython2 } from './python-bytes.ts';
import { floatText } from './python-number.ts';

/** What stands for a value that contains itself, or is too deep. */
const ELLIPSIS = '"…"';

/**
 * Writes values of a pickle as JSON, in the spelling of Python's `json.dumps`: integers with all
 * their digits, `NaN`, half a surrogate pair as `\ud83d`. One for each line: its limits are those
 * of a line, and beyond them it throws `FrameRefused`.
 */
export class JsonText {
	#values = 0;
	#length = 0;
	/** The containers that are being written, outermost first. */
	readonly #open: object[] = [];

	/** A value as JSON. */
	of(value: PickleValue): string {
		this.#count();
		switch (typeof value) {
			case 'string':
				return this.#kept(JSON.stringify(value));
			case 'number':
			case 'bigint':
			case 'boolean':
				return this.#kept(String(value));
			default:
				return value === null ? this.#kept('null') : this.#ofObject(value);
		}
	}

	/** A value as a text of its own: what JSON would put in quotes without them, the rest as JSON. */
	plain(value: PickleValue): string {
		if (typeof value === 'string') {
			return value;
		}
		const json = this.of(value);
		return json.startsWith('"') ? String(JSON.parse(json)) : json;
	}

	/** The members of an object: `"key": value` for each, with commas between them. */
	members(entries: Iterable<readonly [PickleValue, PickleValue]>): string {
		let text = '';
		for (const [key, value] of entries) {
			// One after the other: the key is counted before its value is looked at.
			const name = this.#kept(`${text === '' ? '' : ', '}${JSON.stringify(this.plain(key))}: `);
			text += name + this.of(value);
		}
		return text;
	}

	#ofObject(value: Exclude<PickleValue, null | boolean | string | number | bigint>): string {
		if (value instanceof PyFloat) {
			return this.#kept(floatText(value.value));
		}
		if (value instanceof PyBytes) {
			const { data, isText } = value;
			return this.#kept(JSON.stringify(isText ? textOfPython2(data) : reprOfBytes(data)));
		}
		if (value instanceof PyName) {
			return this.#kept(`{"$py": ${JSON.stringify(value.name)}}`);
		}
		if (this.#open.length >= MAX_DEPTH || this.#open.includes(value)) {
			return this.#kept(ELLIPSIS);
		}
		this.#open.push(value);
		const text =
			value instanceof PyObject
				? this.#ofPyObject(value)
				: value instanceof Map
					? this.#ofDict(value)
					: this.#ofArray(value);
		this.#open.pop();
		return text;
	}

	#ofArray(values: readonly PickleValue[]): string {
		let text = '';
		for (const value of values) {
			text += (text === '' ? '' : ', ') + this.of(value);
		}
		return `[${text}]`;
	}

	#ofDict(dict: PickleDict): string {
		return `{${this.members(dict)}}`;
	}

	#ofPyObject(object: PyObject): string {
		const made = madeObject(object);
		const known = knownValue(made);
		return known === undefined ? this.#opaque(object, made) : this.of(known);
	}

	/** An object of a class that only the sender knows, by all that the pickle says of it. */
	#opaque({ callee }: PyObject, made: MadeObject): string {
		const { name, args, keywords, state, elements, items } = made;
		const head = name === undefined ? this.of(callee) : this.#kept(JSON.stringify(name));
		let text = `{"$py": ${head}`;
		if (args.length > 0) {
			text += `, "args": ${this.#ofArray(args)}`;
		}
		if (keywords !== undefined) {
			text += `, "keywords": ${this.of(keywords)}`;
		}
		if (state !== undefined) {
			text += `, "state": ${this.of(state)}`;
		}
		if (elements !== undefined) {
			text += `, "elements": ${this.#ofArray(elements)}`;
		}
		if (items !== undefined) {
			text += `, "items": ${this.of(items)}`;
		}
		return `${text}}`;
	}

	#count(): void {
		this.#values += 1;
		if (this.#values > MAX_VALUES) {
			throw new FrameRefused(
				`The record has more than ${MAX_VALUES.toLocaleString('en')} values, counted as often as they are referred to.`,
			);
		}
	}

	#kept(text: string): string {
		this.#length += text.length;
		if (this.#length > MAX_LINE_LENGTH) {
			throw new FrameRefused(
				`The record would be longer than ${MAX_LINE_LENGTH.toLocaleString('en')} characters.`,
			);
		}
		return text;
	}
}
