import { canonicalLevel, levelOfSeverity, severityOf } from '#shared/model/level.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import type { Format, FoundLevel } from './formats/format.ts';
import { valueAt } from './json-record.ts';
import type { ParsedRecord, Path } from './json-record.ts';
import { parseTime } from './parse-time.ts';

/** A column's value, and where in the record it stands. */
export interface Found<T> {
	readonly value: T;
	readonly path?: Path;
}

/** What a record says about the columns. */
export interface Columns {
	/** Microseconds since 1970. */
	readonly time: Found<number> | undefined;
	readonly level: FoundLevel | undefined;
	readonly message: Found<string> | undefined;
	readonly logger: Found<string> | undefined;
	/** Empty where the record says that there is none. */
	readonly task: Found<string> | undefined;
}

/** Reads the columns where a format has them. */
export function readColumns(record: ParsedRecord, format: Format): Columns {
	const made = format.makeMessage?.(record);
	return {
		time: readTime(record, format.time, format),
		level: format.level(record.value),
		message:
			made === undefined
				? readCell(record, format.message)
				: { value: made.text.toWellFormed(), path: made.path },
		logger: readCell(record, format.logger),
		task: readCell(record, format.task),
	};
}

/**
 * Reads the columns where the user says they are. A level's number counts as Python's if it is one
 * of 0, 10, 20, 30, 40 and 50; any other is shown as it is and ordered as INFO, for nobody knows its
 * scale. What is not there, or can't be what it is said to be, is left to the format.
 */
export function readMapped(record: ParsedRecord, mapping: Mapping, format: Format): Columns {
	const { time, level, message, logger, task } = mapping;
	return {
		time: time && readTime(record, [time], format),
		level: level && mappedLevel(record, level),
		message: message && readCell(record, [message]),
		logger: logger && readCell(record, [logger]),
		task: task && readCell(record, [task]),
	};
}

function readTime(
	record: ParsedRecord,
	places: readonly Path[],
	{ zoneless }: Format,
): Found<number> | undefined {
	for (const path of places) {
		const value = parseTime(record.exactAt(path), zoneless);
		if (value !== undefined) {
			return { value, path };
		}
	}
	return undefined;
}

/** The first that is there and not null. */
function readCell(record: ParsedRecord, places: readonly Path[]): Found<string> | undefined {
	for (const path of places) {
		const found = valueAt(record.value, path);
		if (found !== undefined && found !== null) {
			const value = typeof found === 'string' ? found.toWellFormed() : record.cellAt(path);
			return value === undefined ? undefined : { value, path };
		}
	}
	return undefined;
}

function mappedLevel(record: ParsedRecord, path: Path): FoundLevel | undefined {
	const value = valueAt(record.value, path);
	if (typeof value === 'number' && value % 10 === 0 && value >= 0 && value <= 50) {
		return { level: levelOfSeverity(value), severity: value, path };
	}
	const name = record.cellAt(path)?.trim() ?? '';
	if (name === '') {
		return undefined;
	}
	return typeof value === 'string'
		? { level: canonicalLevel(name), severity: severityOf(name), path }
		: { level: name.toUpperCase(), severity: 20, path };
}
