import { canonicalLevel, levelOfSeverity, severityOf } from '#shared/model/level.ts';
import { valueAt } from '../json-record.ts';
import type { Path } from '../json-record.ts';
import type { FoundLevel, LevelReader } from './format.ts';

/** The name of a number on a format's own scale; `undefined` for what the scale does not have. */
export type LevelScale = (value: number) => string | undefined;

const NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/** pino and bunyan: 10 trace to 60 fatal; a custom number counts as the one below it. */
export const pinoScale: LevelScale = (value) => nameAt(Math.floor(value / 10) - 1);

/** logback: 5,000 TRACE, 10,000 DEBUG to 40,000 ERROR. */
export const logbackScale: LevelScale = (value) =>
	value < 10_000 ? 'TRACE' : nameAt(Math.min(Math.floor(value / 10_000), 4));

/** OpenTelemetry: four numbers for each name, 1-4 TRACE to 21-24 FATAL. 0 is "not said". */
export const otelScale: LevelScale = (value) =>
	value >= 1 && value <= 24 ? nameAt(Math.floor((value - 1) / 4)) : undefined;

/** Monolog: 100 DEBUG, 200 INFO, 250 NOTICE, 300 WARNING, 400 ERROR, 500 and above CRITICAL. */
export const monologScale: LevelScale = (value) => nameAt(Math.min(Math.floor(value / 100), 5));

const SYSLOG = 'CRITICAL CRITICAL CRITICAL ERROR WARNING INFO INFO DEBUG'.split(' ');

/** syslog: 0 emergency to 7 debug. */
export const syslogScale: LevelScale = (value) => SYSLOG[value];

function nameAt(index: number): string | undefined {
	return Number.isFinite(index) ? NAMES[Math.min(Math.max(index, 0), NAMES.length - 1)] : undefined;
}

/** The level by a name, in the standard spelling where it is known. */
export function named(...places: readonly Path[]): LevelReader {
	return (record) => {
		for (const path of places) {
			const value = valueAt(record, path);
			const name = typeof value === 'string' ? value.trim() : '';
			if (name !== '') {
				return { level: canonicalLevel(name), severity: severityOf(name), path };
			}
		}
		return undefined;
	};
}

/** The level by a number, or its digits, on a scale. */
export function scaled(scale: LevelScale, ...places: readonly Path[]): LevelReader {
	return (record) => {
		for (const path of places) {
			const value = valueAt(record, path);
			const isDigits = typeof value === 'string' && /^\d{1,6}$/.test(value);
			const level = typeof value === 'number' || isDigits ? scale(Number(value)) : undefined;
			if (level !== undefined) {
				return { level, severity: severityOf(level), path };
			}
		}
		return undefined;
	};
}

/** The level by a name, ordered by a number on Python's own scale: loguru's SUCCESS is 25. */
export function pythonLevel(name: Path, number: Path): LevelReader {
	const readName = named(name);
	return (record) => {
		const found = readName(record);
		const value = valueAt(record, number);
		if (typeof value !== 'number' || !Number.isFinite(value)) {
			return found;
		}
		const severity = Math.min(Math.max(Math.round(value), 0), 100);
		return found === undefined
			? { level: levelOfSeverity(severity), severity, path: number }
			: { ...found, severity };
	};
}

/** The first of several ways that finds a level. */
export function firstOf(...readers: readonly LevelReader[]): LevelReader {
	return (record) => {
		for (const read of readers) {
			const found = read(record);
			if (found !== undefined) {
				return found;
			}
		}
		return undefined;
	};
}

/** What a record without a level is, as the format's documentation says. */
export function always(level: string): LevelReader {
	const found: FoundLevel = { level, severity: severityOf(level) };
	return () => found;
}
