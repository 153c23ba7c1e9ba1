/**
 * The query language as a tree. `parseQuery` makes it of text, `matchQuery` says what it means; the
 * storages answer it their own ways and must select the same entries.
 */

/** Where a node stands in the text of its query: UTF-16 units [from, to). */
export interface QueryPlace {
	readonly from: number;
	readonly to: number;
}

/** Parts joined by AND or OR: two or more. */
export interface GroupNode extends QueryPlace {
	readonly kind: 'and' | 'or';
	readonly parts: readonly QueryNode[];
}

export interface NotNode extends QueryPlace {
	readonly kind: 'not';
	readonly part: QueryNode;
}

/** Free text: a word, a phrase, a glob or a regular expression. */
export interface TextNode extends QueryPlace {
	readonly kind: 'text';
	/** `*:text` looks at every field, text alone at the message. */
	readonly scope: 'message' | 'all';
	readonly test: TextTest;
}

/** A condition on a field. `level:(ERROR OR CRITICAL)` is an OR of two of these. */
export interface FieldNode extends QueryPlace {
	readonly kind: 'field';
	readonly field: FieldPath;
	readonly test: ValueTest;
}

/** `is:error`, `is:quarantined`: what an entry is, whatever its fields. */
export interface StateNode extends QueryPlace {
	readonly kind: 'is';
	readonly state: EntryState;
}

export const ENTRY_STATES = [
	'error',
	'warning',
	'marked',
	'new',
	'late',
	'repeat',
	'quarantined',
	'gap',
	'text',
] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

export type QueryNode = GroupNode | NotNode | TextNode | FieldNode | StateNode;

/**
 * The columns every entry has, by their names in a query; any other name is a path into `extra`.
 * `pattern` is made of the message (`patternOf`), `note` is what the user has written about it.
 */
export const COLUMN_FIELDS = [
	'ts',
	'level',
	'message',
	'logger',
	'task_id',
	'source',
	'exception',
	'pattern',
	'note',
] as const;
export type ColumnField = (typeof COLUMN_FIELDS)[number];

/** Which field: a column, or a value inside of `extra`. */
export type FieldPath =
	| { readonly column: ColumnField }
	/** Keys and array places from the outside in; `*` is any element. `user.id` may also be one key. */
	| { readonly path: readonly string[] };

/** What text has to look like. */
export type TextTest =
	/** Contains it, in any case. */
	| { readonly kind: 'contains'; readonly text: string }
	/** Matches it as a whole (a field) or somewhere (free text), `*` and `?` being wildcards, in any case. */
	| { readonly kind: 'glob'; readonly pattern: string }
	/** Has a match of it somewhere. Without `i` it minds the case. */
	| { readonly kind: 'regex'; readonly source: string; readonly ignoreCase: boolean };

/** What the value of a field has to be. */
export type ValueTest =
	| TextTest
	/** `field:value`: whole value in any case; numbers by value, levels by order, times by their span. */
	| { readonly kind: 'is'; readonly text: string }
	/** `field=value`: exactly so. */
	| { readonly kind: 'equals'; readonly text: string }
	/** `field!=value`: the entry has the field, and it is another one. */
	| { readonly kind: 'differs'; readonly text: string }
	/** `field:*`, `has:field`. */
	| { readonly kind: 'exists' }
	/** `field:null`: it is there and null. */
	| { readonly kind: 'null' }
	/** `field:>=value`. */
	| { readonly kind: 'compare'; readonly op: '<' | '<=' | '>' | '>='; readonly text: string }
	/** `[a TO b]` with both ends, `{a TO b}` without, `a..b` with both; a missing or `*` end is open. */
	| {
			readonly kind: 'range';
			readonly low: string | undefined;
			readonly high: string | undefined;
			readonly withEnds: boolean;
	  };

/** A query as it was understood. */
export interface ParsedQuery {
	/** `undefined`: everything matches. */
	readonly root: QueryNode | undefined;
	/**
	 * Why it could not be read, and where: then `root` looks for its whole text in the message
	 * instead.
	 */
	readonly problem?: QueryProblem;
	/** It was read, but perhaps not as it was meant: `and` in small letters is a word. */
	readonly hint?: QueryProblem;
}

export interface QueryProblem extends QueryPlace {
	/** A sentence. */
	readonly message: string;
	/** The query that was probably meant. */
	readonly suggestion?: string;
}

/** What a query's meaning depends on besides its text. */
export interface QueryContext {
	/** The moment that relative times count from: microseconds since 1970. */
	readonly at: number;
	/** The zone of times that name none (IANA: `Europe/Berlin`, `UTC`). */
	readonly zone: string;
	/** The names of sources by their ids. */
	readonly sources: ReadonlyMap<number, string>;
	/** The `seq`s of entries the user has marked. */
	readonly marked: ReadonlySet<number>;
	/** What the user has written about entries, by their `seq`s. */
	readonly notes: ReadonlyMap<number, string>;
	/** Entries after this `seq` are new. */
	readonly seenTo: number;
}
