import { isRecord, stringAt } from '../json-record.ts';
import type { JsonRecord, Path } from '../json-record.ts';
import { threeFields } from './exceptions.ts';
import { TASK_PATHS, defineFormat } from './format.ts';
import type { LevelReader } from './format.ts';
import { always, named, otelScale, scaled } from './levels.ts';

/** What the console exporter of OpenTelemetry's SDK for Python prints, with one record a line. */
export const openTelemetry = defineFormat({
	name: 'OpenTelemetry',
	signs: ['severity_number'],
	matches: (record) => 'severity_number' in record && 'body' in record,
	time: [['timestamp'], ['observed_timestamp']],
	level: otelLevel(['severity_text'], ['severity_number']),
	message: [['body']],
	logger: [
		['instrumentation_scope', 'name'],
		['attributes', 'logger'],
	],
	task: TASK_PATHS,
	exception,
});

/** OTLP/JSON: one line with the records of many scopes. `otlp-records.ts` takes it apart. */
export const otlp = defineFormat({
	name: 'OTLP',
	signs: ['resourceLogs'],
	matches: (record) => Array.isArray(record['resourceLogs']),
	time: [],
	level: always('INFO'),
	message: [],
	logger: [],
	task: [],
});

/** One record of an OTLP line, its attributes as plain objects. */
export const otlpRecord = defineFormat({
	name: 'OTLP',
	signs: [],
	matches: () => false,
	time: [['timeUnixNano'], ['observedTimeUnixNano']],
	level: otelLevel(['severityText'], ['severityNumber']),
	message: [['body']],
	logger: [['scope', 'name']],
	opened: [['attributes']],
	exception,
});

/** The number orders, the text may name a level of its own ("SUCCESS"). */
function otelLevel(text: Path, number: Path): LevelReader {
	const byText = named(text);
	const byNumber = scaled(otelScale, number);
	return (record) => {
		const name = byText(record);
		const found = byNumber(record);
		if (name === undefined || found === undefined) {
			return name ?? found ?? always('INFO')(record);
		}
		return { ...name, severity: found.severity };
	};
}

function exception({ attributes }: JsonRecord): string | undefined {
	return isRecord(attributes)
		? threeFields(
				stringAt(attributes, ['exception.type']),
				stringAt(attributes, ['exception.message']),
				stringAt(attributes, ['exception.stacktrace']),
			)
		: undefined;
}
