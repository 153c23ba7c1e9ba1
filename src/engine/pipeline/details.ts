import type { JsonMember, JsonNode } from '#shared/json/parse-json.ts';
import type { DecodeContext } from './entry-decoder.ts';
import { entryParts } from './entry-parts.ts';
import { LEVEL_PATHS, LOGGER_PATHS, MESSAGE_PATHS, TIME_PATHS } from './formats/aliases.ts';
import { TASK_PATHS } from './formats/format.ts';
import { TOO_DEEP } from './json-problem.ts';
import type { Path } from './json-record.ts';
import { readPart } from './read-part.ts';
import type { PartReading, Scope } from './read-part.ts';

/** What only the details pane needs of an entry. */
export interface EntryDetails {
	/** JSON text of an object, its values as they were written. */
	readonly extra?: string;
	/** Why there is an `extra` that is not here. */
	readonly extraProblem?: string;
	readonly exception?: string;
	/** The format it was read as. */
	readonly format: string;
	/** Why the line could not be read as it should. */
	readonly quarantine?: string;
}

/**
 * Reads what is no column out of an entry's text: `part` is its place among what `decodeEntry` gave
 * for the text. All that no column shows becomes one object: the members of AsyncZ's `extra` and of
 * its likes, and the keys that the format does not know. Nothing is rewritten: a number keeps its
 * digits and a key its doubles.
 */
export function readDetails(
	raw: string,
	part = 0,
	context: DecodeContext = { arrival: 0 },
): EntryDetails {
	const found = entryParts(raw)[part];
	if (found === undefined) {
		return { format: 'text' };
	}
	const reading = readPart(found, context);
	const { scopes, format, quarantine } = reading;
	const exception = found.followed === '' ? exceptionOf(scopes) : found.followed;
	return {
		...extraOf(reading),
		...(exception === undefined ? {} : { exception }),
		format,
		...(quarantine === undefined ? {} : { quarantine }),
	};
}

function exceptionOf(scopes: readonly Scope[]): string | undefined {
	for (const { record, format } of scopes) {
		const text = format.exception(record.value)?.toWellFormed().trimEnd();
		if (text !== undefined && text !== '') {
			return text;
		}
	}
	return undefined;
}

function extraOf(reading: PartReading): Pick<EntryDetails, 'extra' | 'extraProblem'> {
	const members: string[] = [];
	for (const scope of reading.scopes) {
		const { record, format } = scope;
		if (record.root?.kind !== 'object') {
			return { extraProblem: TOO_DEEP };
		}
		const rest: Rest = {
			text: record.text,
			left: [...shownPaths(scope, reading), ...format.hidden],
			opened: format.opened,
		};
		addMembers(members, record.root.members, rest, []);
	}
	return members.length === 0 ? {} : { extra: `{${members.join(', ')}}` };
}

/** The values of a record that the columns show. */
function shownPaths({ found, isOpened }: Scope, reading: PartReading): readonly Path[] {
	const { ts, level, message, logger, task } = reading;
	const shown = found.flatMap((columns) => [
		columns.time?.value === ts ? columns.time?.path : undefined,
		columns.level?.level === level.level ? columns.level.path : undefined,
		columns.message?.value === message || isOpened ? columns.message?.path : undefined,
		columns.logger?.value === logger ? columns.logger?.path : undefined,
		columns.task?.value === task ? columns.task?.path : undefined,
	]);
	return shown.filter((path) => path !== undefined);
}

interface Rest {
	readonly text: string;
	/** Values that are left out. */
	readonly left: readonly Path[];
	/** Objects whose members stand for them. */
	readonly opened: readonly Path[];
}

/** Adds the members of an object that are extra to `found`, as JSON text. */
function addMembers(
	found: string[],
	members: readonly JsonMember[],
	rest: Rest,
	outer: Path,
): void {
	for (const { key, value } of members) {
		const path = [...outer, key];
		const isLeft =
			rest.left.some((other) => isSame(other, path)) || (outer.length === 0 && isEmpty(key, value));
		if (isLeft) {
			continue;
		}
		const isOpened = rest.opened.some((other) => isSame(other, path));
		if (value.kind === 'object' && isOpened) {
			addMembers(found, value.members, rest, path);
		} else if (value.kind === 'object' && rest.left.some((other) => isInside(other, path))) {
			const inner: string[] = [];
			addMembers(inner, value.members, rest, path);
			if (inner.length > 0) {
				found.push(`${JSON.stringify(key)}: {${inner.join(', ')}}`);
			}
		} else {
			found.push(`${JSON.stringify(key)}: ${rest.text.slice(value.start, value.end)}`);
		}
	}
}

const COLUMN_KEYS: ReadonlySet<string> = new Set([
	...[TIME_PATHS, LEVEL_PATHS, MESSAGE_PATHS, LOGGER_PATHS, TASK_PATHS].flat(2),
	'extra',
	'context',
	'attributes',
]);

/** The key of a column or `extra` with null says nothing that an empty cell does not say. */
function isEmpty(key: string, value: JsonNode): boolean {
	return COLUMN_KEYS.has(key) && value.kind === 'word' && value.text === 'null';
}

function isSame(path: Path, other: Path): boolean {
	return path.length === other.length && isInside(path, other);
}

/** Whether `path` leads through `outer`. */
function isInside(path: Path, outer: Path): boolean {
	return path.length >= outer.length && outer.every((key, i) => key === path[i]);
}
