/**
 * What a pickle says, as data. Lists, tuples and sets are arrays, dicts are maps, integers that a
 * double can't hold are bigints. Values may be shared and may contain themselves.
 */
export type PickleValue =
	| null
	| boolean
	| string
	| number
	| bigint
	| PyFloat
	| PyBytes
	| PyName
	| PyObject
	| PickleValue[]
	| PickleDict;

/** A dict; its keys are compared as JavaScript does, so that `1` and `1.0` are two. */
export type PickleDict = Map<PickleValue, PickleValue>;

/** A float, which is not an integer of the same value: Python writes `1.0`. */
export class PyFloat {
	readonly value: number;

	constructor(value: number) {
		this.value = value;
	}
}

/** `bytes`, or a string of Python 2, which may be either text or bytes. */
export class PyBytes {
	readonly data: Buffer;
	readonly isText: boolean;

	constructor(data: Buffer, isText = false) {
		this.data = data;
		this.isText = isText;
	}
}

/** `module.name`, as a text. Nothing is ever looked up by it. */
export class PyName {
	readonly name: string;

	constructor(name: string) {
		this.name = name;
	}
}

/** What would be made by calling something. It is never called: this only says with what. */
export class PyObject {
	readonly callee: PyName | PyObject;
	readonly args: readonly PickleValue[];
	/** Arguments by name. */
	readonly keywords: PickleDict | undefined;
	/** What `__setstate__` would get. */
	state: PickleValue | undefined = undefined;
	/** What would be appended or added to it. */
	elements: PickleValue[] | undefined = undefined;
	/** What would be set by key. */
	items: PickleDict | undefined = undefined;

	constructor(callee: PyName | PyObject, args: readonly PickleValue[], keywords?: PickleDict) {
		this.callee = callee;
		this.args = args;
		this.keywords = keywords;
	}
}
