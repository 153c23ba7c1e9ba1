import { stringAt, valueAt } from '../json-record.ts';
import type { ParsedRecord } from '../json-record.ts';
import { textAt } from './exceptions.ts';
import { TASK_PATHS, defineFormat, paths } from './format.ts';
import type { MadeMessage } from './format.ts';
import { always, firstOf, named } from './levels.ts';

/** Serilog's compact JSON. Its own keys begin with @, all others are the event's properties. */
export const clef = defineFormat({
	name: 'Serilog (CLEF)',
	signs: ['@t'],
	matches: (record) => '@t' in record && ('@mt' in record || '@m' in record || '@i' in record),
	time: paths('@t'),
	level: firstOf(named(['@l']), always('INFO')),
	message: paths('@m'),
	makeMessage,
	logger: paths('SourceContext'),
	task: [...TASK_PATHS, ...paths('TaskId', 'JobId')],
	hidden: paths('@r'),
	exception: textAt(['@x']),
});

/** A hole in a template: `{Name}`, `{@Name}`, `{Name,10:format}`; `{{` and `}}` are braces. */
const HOLE = /\{\{|\}\}|\{[@$]?(\w+)(?:,-?\d{1,4})?(:[^{}]*)?\}/g;

/** A template can repeat a long property without end, or look for properties without end. */
const MAX_RENDERED = 1_000_000;
const MAX_HOLES = 1_000;

/** The template with its holes filled; a hole without a property stays as it is. */
function makeMessage(record: ParsedRecord): MadeMessage | undefined {
	const template = stringAt(record.value, ['@mt']);
	if (template === undefined || stringAt(record.value, ['@m']) !== undefined) {
		return undefined;
	}
	const renderings = Array.isArray(record.value['@r'])
		? [...(record.value['@r'] as unknown[])]
		: [];
	let room = MAX_RENDERED;
	let holes = 0;
	let formatted = 0;
	const text = template.replace(HOLE, (hole: string, name?: string, format?: string) => {
		if (name === undefined) {
			return hole.charAt(0);
		}
		// The renderings are those of the holes with a format, in their order.
		const rendering = format === undefined ? undefined : renderings[formatted++];
		const shown = typeof rendering === 'string' ? rendering : valueOf(record, name, ++holes);
		if (shown === undefined || shown.length > room) {
			return hole;
		}
		room -= shown.length;
		return shown;
	});
	return { text, path: ['@mt'] };
}

function valueOf(record: ParsedRecord, name: string, holes: number): string | undefined {
	const value = valueAt(record.value, [name]);
	if (typeof value === 'string') {
		return value;
	}
	if (value === null) {
		return 'null';
	}
	return holes > MAX_HOLES ? undefined : record.cellAt([name]);
}
