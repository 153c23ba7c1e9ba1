import { MAX_JSON_DEPTH, parseJson } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';

/** What `jsonb` refuses, or might: such texts are taken apart. */
const SUSPECT = /\\u(?:0000|d[89a-f])|[eE][+-]?\d{3}|\d{1000}|NaN|Infinity|[\0\ud800-\udfff]/i;
const BRACKETS = /[[{]/g;

/** Longer numbers, and such with larger exponents, become strings. */
const MAX_DIGITS = 1_000;

/**
 * JSON as `jsonb` can hold it. Numbers keep their digits (`1.0`, 2^53 + 1); what it has no place for
 * is replaced: NUL and halves of surrogate pairs by U+FFFD, `NaN`, `Infinity` and numbers of more
 * than 1,000 digits by strings of their text; a text that is no JSON, or deeper than we read, is the
 * string `extra` of an object. `jsonb` itself keeps the last of several members of one name, and
 * neither their order nor the spaces between them.
 */
export function jsonbText(text: string): string {
	if (!SUSPECT.test(text) && isShallow(text) && isJson(text)) {
		return text;
	}
	const node = parseJson(text);
	return node === undefined ? `{"extra": ${stringText(text)}}` : rewritten(node);
}

/** Text as a column can hold it. */
export function columnText(text: string): string {
	return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function isShallow(text: string): boolean {
	return text.length < 2 * MAX_JSON_DEPTH || (text.match(BRACKETS)?.length ?? 0) < MAX_JSON_DEPTH;
}

function rewritten(node: JsonNode): string {
	switch (node.kind) {
		case 'object':
			return `{${node.members
				.map(({ key, value }) => `${stringText(key)}: ${rewritten(value)}`)
				.join(', ')}}`;
		case 'array':
			return `[${node.items.map(rewritten).join(', ')}]`;
		case 'string':
			return stringText(node.value);
		case 'number':
			return isModest(node.text) ? node.text : JSON.stringify(node.text);
		case 'word':
			return /^[tfn]/.test(node.text) ? node.text : JSON.stringify(node.text);
	}
}

function isModest(number: string): boolean {
	const exponent = /[eE][+-]?(\d+)$/.exec(number)?.[1] ?? '0';
	return number.length <= MAX_DIGITS && Number(exponent) <= MAX_DIGITS;
}

function stringText(text: string): string {
	return JSON.stringify(columnText(text.toWellFormed()));
}
