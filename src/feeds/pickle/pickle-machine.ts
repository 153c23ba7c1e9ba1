import { FrameBytes } from './frame-bytes.ts';
import { FrameRefused } from './frame-refused.ts';
import { MAX_MEMO, MAX_STACK } from './limits.ts';
import { PyName, PyObject } from './pickle-value.ts';
import type { PickleDict, PickleValue } from './pickle-value.ts';

/** One step of a pickle. */
export type Step = (machine: PickleMachine) => void;

/** Opcodes by their names in `pickletools`: the byte, and what it does. */
export type Opcodes = Readonly<Record<string, readonly [code: number, step: Step]>>;

/**
 * The stack, the marks on it and the memo that the opcodes of a pickle work on. It holds data and
 * names; there is no way from here to anything that could be called.
 */
export class PickleMachine {
	readonly input: FrameBytes;
	/** The pickle said STOP. */
	isDone = false;
	readonly #stack: PickleValue[] = [];
	/** Heights of the stack at which there is a mark; nothing is taken from below the last. */
	readonly #marks: number[] = [];
	#floor = 0;
	readonly #memo: (PickleValue | undefined)[] = [];
	#remembered = 0;

	constructor(frame: Buffer) {
		this.input = new FrameBytes(frame);
	}

	push(value: PickleValue): void {
		if (this.#stack.length >= MAX_STACK) {
			throw tooDeep();
		}
		this.#stack.push(value);
	}

	/** Takes the value on top. */
	pop(): PickleValue {
		if (this.#stack.length <= this.#floor) {
			throw missing();
		}
		const value = this.#stack.pop();
		if (value === undefined) {
			throw missing();
		}
		return value;
	}

	/** The value on top, which stays there. */
	top(): PickleValue {
		const value = this.#stack.length <= this.#floor ? undefined : this.#stack.at(-1);
		if (value === undefined) {
			throw missing();
		}
		return value;
	}

	mark(): void {
		if (this.#marks.length >= MAX_STACK) {
			throw tooDeep();
		}
		this.#floor = this.#stack.length;
		this.#marks.push(this.#floor);
	}

	/** Takes the last mark and all values above it. */
	popToMark(): PickleValue[] {
		const start = this.#marks.pop();
		if (start === undefined) {
			throw missing();
		}
		this.#floor = this.#marks.at(-1) ?? 0;
		// `slice` of nothing at the end is cheaper than `splice`.
		const values = this.#stack.slice(start);
		this.#stack.length = start;
		return values;
	}

	/** Takes the value on top, or the mark if that is what is there. */
	discard(): void {
		if (this.#stack.length > this.#floor) {
			this.#stack.pop();
		} else {
			this.popToMark();
		}
	}

	/** Ends the pickle; what is left on the stack has to be its one value. */
	stop(): void {
		if (this.#marks.length > 0 || this.#stack.length !== 1) {
			throw new FrameRefused('The pickle ends before its value is whole.');
		}
		this.isDone = true;
	}

	/** Remembers the value on top under a number. */
	remember(index: number): void {
		if (!(index >= 0 && index < MAX_MEMO)) {
			throw new FrameRefused(
				`The pickle remembers more than ${MAX_MEMO.toLocaleString('en')} values.`,
			);
		}
		if (this.#memo[index] === undefined) {
			this.#remembered += 1;
		}
		this.#memo[index] = this.top();
	}

	/** Remembers the value on top under the next number. */
	rememberNext(): void {
		this.remember(this.#remembered);
	}

	/** Pushes a value that was remembered. */
	recall(index: number): void {
		const value = this.#memo[index];
		if (value === undefined) {
			throw new FrameRefused(`The pickle refers to a value ${index} that it did not remember.`);
		}
		this.push(value);
	}

	/** Adds to the list or set on top. */
	append(values: readonly PickleValue[]): void {
		const target = this.top();
		const elements = target instanceof PyObject ? (target.elements ??= []) : target;
		if (!Array.isArray(elements)) {
			throw new FrameRefused('The pickle appends to a value that is no list.');
		}
		for (const value of values) {
			elements.push(value);
		}
	}

	/** Sets items of the dict on top: keys and values by turns. */
	setItems(pairs: readonly PickleValue[]): void {
		const items = itemsOf(this.top());
		if (pairs.length % 2 !== 0) {
			throw new FrameRefused('The pickle sets a key without a value.');
		}
		for (let i = 0; i < pairs.length; i += 2) {
			items.set(pairs[i] ?? null, pairs[i + 1] ?? null);
		}
	}

	/** Takes a name from the top. */
	popName(): PyName {
		const value = this.pop();
		if (!(value instanceof PyName)) {
			throw new FrameRefused('The pickle makes an object of a class that has no name.');
		}
		return value;
	}

	/** Takes a tuple of arguments from the top. */
	popArguments(): readonly PickleValue[] {
		const value = this.pop();
		if (!Array.isArray(value)) {
			throw new FrameRefused('The pickle calls something with arguments that are no tuple.');
		}
		return value;
	}
}

/** Where the items of a value are set. */
function itemsOf(target: PickleValue): PickleDict {
	if (target instanceof Map) {
		return target;
	}
	if (target instanceof PyObject) {
		return (target.items ??= new Map());
	}
	throw new FrameRefused('The pickle sets an item of a value that is no dict.');
}

function missing(): FrameRefused {
	return new FrameRefused('The pickle takes a value where there is none.');
}

function tooDeep(): FrameRefused {
	return new FrameRefused(
		`The pickle has more than ${MAX_STACK.toLocaleString('en')} values waiting for each other.`,
	);
}
