import { memberOf } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';
import { readRecord } from './json-record.ts';
import type { ParsedRecord } from './json-record.ts';

/** Scopes and resources are written once and copied to each record: this many times the line. */
const MAX_COPIED = 8;

/**
 * The log records of an OTLP line, in their order, each as a record of its own: what it says, its
 * `scope`, and the `resource` it comes from. Attributes become plain objects, typed values plain
 * ones; numbers keep their digits.
 */
export function otlpRecords(line: ParsedRecord): readonly ParsedRecord[] {
	const { text } = line;
	let room = text.length * MAX_COPIED;
	return itemsOf(memberOf(line.root, 'resourceLogs')).flatMap((resourceLogs) => {
		const resource = plainObject(memberOf(resourceLogs, 'resource'), text);
		const scopes = [
			...itemsOf(memberOf(resourceLogs, 'scopeLogs')),
			// Its name before version 1.0 of the protocol.
			...itemsOf(memberOf(resourceLogs, 'instrumentationLibraryLogs')),
		];
		return scopes.flatMap((scopeLogs) => {
			const scope = plainObject(
				memberOf(scopeLogs, 'scope') ?? memberOf(scopeLogs, 'instrumentationLibrary'),
				text,
			);
			const shared = [
				...(scope === '{}' ? [] : [`"scope": ${scope}`]),
				...(resource === '{}' ? [] : [`"resource": ${resource}`]),
			];
			return itemsOf(memberOf(scopeLogs, 'logRecords')).flatMap((record) => {
				room -= scope.length + resource.length;
				const members = [...membersOf(record, text), ...(room < 0 ? [] : shared)];
				return readRecord(`{${members.join(', ')}}`) ?? [];
			});
		});
	});
}

/** An object with its list of attributes as an object; `{}` if it is none. */
function plainObject(node: JsonNode | undefined, text: string): string {
	return `{${membersOf(node, text).join(', ')}}`;
}

function membersOf(node: JsonNode | undefined, text: string): readonly string[] {
	if (node?.kind !== 'object') {
		return [];
	}
	return node.members.map(({ key, value }) => {
		const isList = key === 'attributes' && value.kind === 'array';
		const written = isList
			? keyValues(value, text)
			: key === 'body'
				? anyValue(value, text)
				: text.slice(value.start, value.end);
		return `${JSON.stringify(key)}: ${written}`;
	});
}

/** A list of `{key, value}` as an object. */
function keyValues(list: JsonNode | undefined, text: string): string {
	const members = itemsOf(list).map((item) => {
		const key = memberOf(item, 'key');
		const name = JSON.stringify(key?.kind === 'string' ? key.value : '');
		return `${name}: ${anyValue(memberOf(item, 'value'), text)}`;
	});
	return `{${members.join(', ')}}`;
}

const DIGITS = /^-?(?:0|[1-9]\d*)$/;

/** A typed value (`{"intValue": "5"}`) as what it holds; anything else as it was written. */
function anyValue(node: JsonNode | undefined, text: string): string {
	if (node === undefined) {
		return 'null';
	}
	const typed = node.kind === 'object' && node.members.length === 1 ? node.members[0] : undefined;
	const value = typed?.value;
	const written = text.slice(value?.start, value?.end);
	switch (typed?.key) {
		case 'stringValue':
		case 'boolValue':
		case 'doubleValue':
		case 'bytesValue':
			return written;
		case 'intValue':
			return value?.kind === 'string' && DIGITS.test(value.value) ? value.value : written;
		case 'arrayValue':
			return `[${itemsOf(memberOf(value, 'values'))
				.map((item) => anyValue(item, text))
				.join(', ')}]`;
		case 'kvlistValue':
			return keyValues(memberOf(value, 'values'), text);
		default:
			return text.slice(node.start, node.end);
	}
}

function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
	return node?.kind === 'array' ? node.items : [];
}
