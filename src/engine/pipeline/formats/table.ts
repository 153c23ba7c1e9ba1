import type { JsonRecord } from '../json-record.ts';
import { asyncz } from './asyncz.ts';
import { clef } from './clef.ts';
import { docker } from './docker.ts';
import { ecs, logstash } from './elastic.ts';
import { lostRecords, refusedFrame } from './feed-lines.ts';
import type { Format } from './format.ts';
import { gelf } from './gelf.ts';
import { logrus, slog, zerolog } from './go-loggers.ts';
import { journald } from './journald.ts';
import { loguru } from './loguru.ts';
import { monolog } from './monolog.ts';
import { bunyan, pino, winston } from './node-loggers.ts';
import { openTelemetry, otlp } from './opentelemetry.ts';
import { generic, logRecord, pythonJsonLogger, structlog } from './python-loggers.ts';
import { tracing } from './tracing.ts';
import { zap, zapDevelopment } from './zap.ts';

/** All formats, in the order they are asked: those with keys of their own before those without. */
export const FORMATS: readonly Format[] = [
	docker,
	otlp,
	journald,
	loguru,
	clef,
	ecs,
	logstash,
	gelf,
	openTelemetry,
	asyncz,
	monolog,
	tracing,
	zap,
	zapDevelopment,
	bunyan,
	pino,
	logRecord,
	structlog,
	slog,
	logrus,
	zerolog,
	pythonJsonLogger,
	winston,
	lostRecords,
	refusedFrame,
];

/** The first format of the table that claims the record. */
export function recogniseFormat(record: JsonRecord): Format {
	return FORMATS.find(({ matches }) => matches(record)) ?? generic;
}

/** Records with more keys are not worth remembering. */
const MAX_KEYS = 64;

/**
 * Names the format of a log's records, one after the other. It goes by what the keys of the record
 * before left of the table: in a log of one format that is one question for each line. Whatever it
 * remembers, a record reads the same: other keys, another guess.
 */
export class FormatGuess {
	#keys: readonly string[] | undefined;
	#candidates: readonly Format[] = [];

	/** What `recogniseFormat` answers, sooner. */
	recognise(record: JsonRecord): Format {
		if (!this.#hasSameKeys(record)) {
			const keys = Object.keys(record);
			this.#keys = keys.length <= MAX_KEYS ? keys : undefined;
			this.#candidates = FORMATS.filter(({ signs }) =>
				signs.some((key) => Object.hasOwn(record, key)),
			);
		}
		for (const format of this.#candidates) {
			if (format.matches(record)) {
				return format;
			}
		}
		return generic;
	}

	#hasSameKeys(record: JsonRecord): boolean {
		const keys = this.#keys;
		if (keys === undefined) {
			return false;
		}
		let i = 0;
		for (const key in record) {
			if (key !== keys[i]) {
				return false;
			}
			i++;
		}
		return i === keys.length;
	}
}
