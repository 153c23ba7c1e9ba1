import { isRecord } from '../json-record.ts';
import type { JsonRecord } from '../json-record.ts';
import { errorLine } from './exceptions.ts';

const CAUSE = 'The above exception was the direct cause of the following exception:';
const CONTEXT = 'During handling of the above exception, another exception occurred:';

/** Exception groups in groups: no program nests them deeper. */
const MAX_DEPTH = 20;

/**
 * The list that structlog's `dict_tracebacks` writes, as Python prints a traceback: the first
 * exception of a chain stands first there and last in the list.
 */
export function tracebackText(stacks: unknown, depth = 0): string | undefined {
	if (!Array.isArray(stacks) || !stacks.every(isException) || stacks.length === 0) {
		return undefined;
	}
	const lines = stacks.toReversed().flatMap((stack: JsonRecord, i) => {
		const isLast = i === stacks.length - 1;
		const between = stack['is_cause'] === true ? CAUSE : CONTEXT;
		return [...exceptionLines(stack, depth), ...(isLast ? [] : ['', between, ''])];
	});
	return lines.join('\n');
}

function isException(value: unknown): value is JsonRecord {
	return isRecord(value) && 'exc_type' in value;
}

function exceptionLines(stack: JsonRecord, depth: number): readonly string[] {
	const frames = listOf(stack['frames']).filter(isRecord);
	const groups = depth < MAX_DEPTH ? listOf(stack['exceptions']) : [];
	return [
		...(frames.length === 0 ? [] : ['Traceback (most recent call last):']),
		...frames.flatMap(frameLines),
		errorLine(textOf(stack['exc_type']), textOf(stack['exc_value'])) ?? 'Exception',
		...listOf(stack['exc_notes']).filter((note) => typeof note === 'string'),
		...groups.flatMap((group) => indented(tracebackText(group, depth + 1))),
	];
}

function frameLines(frame: JsonRecord): readonly string[] {
	const { filename, lineno, name, line } = frame;
	const place = `  File "${textOf(filename) ?? '?'}", line ${textOf(lineno) ?? '?'}, in ${textOf(name) ?? '?'}`;
	return typeof line === 'string' && line.trim() !== '' ? [place, `    ${line.trim()}`] : [place];
}

function indented(text: string | undefined): readonly string[] {
	return text === undefined ? [] : text.split('\n').map((line) => `  | ${line}`);
}

function textOf(value: unknown): string | undefined {
	if (typeof value === 'string') {
		return value === '' ? undefined : value;
	}
	return typeof value === 'number' ? String(value) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}
