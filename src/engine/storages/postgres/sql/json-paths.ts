import type { Parameters } from './parameters.ts';

/** What is asked of the values at a path. */
export interface NodeTest {
	/** SQL for a value that is no object and no array, perhaps null. */
	readonly isIt: (value: string) => string;
	/** SQL for whole objects and arrays: `true` or `false`. */
	readonly whole: 'true' | 'false' | string;
}

/** The object that a path leads into: what else stands in `extra` counts as its member `extra`. */
export function jsonOf([first]: readonly string[]): string {
	return first === 'extra' || first === '*'
		? `(CASE jsonb_typeof(t.extra) WHEN 'object' THEN t.extra WHEN 'null' THEN NULL ELSE jsonb_build_object('extra', t.extra) END)`
		: 't.extra';
}

/**
 * SQL that is true if one of the values at a path passes a test: `Subject.values`, in the server.
 * Arrays are looked through however deep they are nested, an index or `*` names their elements, and
 * several keys in a row can be one key with dots in it. Most values are plain, and plain ones are
 * found by their key alone: the rest stands in branches that are rarely run.
 */
export function someNode(
	json: string,
	path: readonly string[],
	parameters: Parameters,
	test: NodeTest,
): string {
	return new PathWriter(path, parameters, test).at(json, 0);
}

class PathWriter {
	readonly #path: readonly string[];
	readonly #parameters: Parameters;
	readonly #test: NodeTest;
	#names = 0;

	constructor(path: readonly string[], parameters: Parameters, test: NodeTest) {
		this.#path = path;
		this.#parameters = parameters;
		this.#test = test;
	}

	/** Of a value that stands before the key numbered `at`. */
	at(value: string, at: number): string {
		const key = this.#path[at];
		if (key === undefined) {
			return this.#end(value);
		}
		const inObject = this.#inObject(value, at);
		return `CASE jsonb_typeof(${value}) WHEN 'object' THEN ${inObject} WHEN 'array' THEN ${this.#inArray(value, key, at)} ELSE false END`;
	}

	#inObject(value: string, at: number): string {
		const key = this.#path[at];
		if (key === '*') {
			const name = this.#name();
			const members = `jsonb_each(CASE jsonb_typeof(${value}) WHEN 'object' THEN ${value} ELSE '{}' END)`;
			return `EXISTS (SELECT FROM ${members} AS ${name} WHERE ${this.at(`${name}.value`, at + 1)})`;
		}
		const ways: string[] = [];
		for (let end = at + 1; end <= this.#path.length; end++) {
			const joined = this.#parameters.text(this.#path.slice(at, end).join('.'));
			ways.push(this.at(`(${value} -> ${joined})`, end));
		}
		return `(${ways.join(' OR ')})`;
	}

	#inArray(value: string, key: string, at: number): string {
		if (/^\d{1,9}$/.test(key)) {
			return this.at(`(${value} -> ${this.#parameters.add(Number(key), 'integer')})`, at + 1);
		}
		if (key === '*') {
			const name = this.#name();
			return `EXISTS (SELECT FROM ${elements(value)} AS ${name}(x) WHERE ${this.at(`${name}.x`, at + 1)})`;
		}
		return this.#deep(value, (item) => {
			return `(jsonb_typeof(${item}) = 'object' AND ${this.#inObject(item, at)})`;
		});
	}

	#end(value: string): string {
		const { isIt, whole } = this.#test;
		const inArray =
			whole === 'true'
				? whole
				: this.#deep(
						value,
						(item) =>
							`CASE WHEN jsonb_typeof(${item}) IN ('object', 'array') THEN false ELSE ${isIt(item)} END`,
					);
		return `CASE jsonb_typeof(${value}) WHEN 'object' THEN ${whole} WHEN 'array' THEN ${inArray} ELSE ${isIt(value)} END`;
	}

	/** Of one of the elements of an array, and of those of arrays in it. */
	#deep(value: string, test: (item: string) => string): string {
		const name = this.#name();
		const next = `SELECT e.x FROM ${name}, ${elements(`${name}.x`)} AS e(x)`;
		return `EXISTS (WITH RECURSIVE ${name}(x) AS (SELECT ${value} UNION ALL ${next}) SELECT FROM ${name} WHERE ${test(`${name}.x`)})`;
	}

	#name(): string {
		return `n${++this.#names}`;
	}
}

function elements(value: string): string {
	return `jsonb_array_elements(CASE jsonb_typeof(${value}) WHEN 'array' THEN ${value} ELSE '[]' END)`;
}
