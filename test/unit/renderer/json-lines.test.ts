import { describe, expect, test } from 'vitest';
import { parseJson } from '#shared/json/parse-json.ts';
import { jsonLines } from '../../../src/renderer/lib/json-lines.ts';
import type { JsonLine, TreeState } from '../../../src/renderer/lib/json-lines.ts';

function linesOf(json: string, state: Partial<TreeState> = {}): readonly JsonLine[] {
	const root = parseJson(json);
	if (root === undefined) {
		throw new Error('This is no JSON');
	}
	return jsonLines(root, json, { toggled: new Set(), listed: new Map(), ...state });
}

function written(lines: readonly JsonLine[]): readonly string[] {
	return lines.map(({ level, key, text }) => `${'  '.repeat(level - 1)}${key ?? ''}: ${text}`);
}

describe('the lines of a JSON value', () => {
	test('show numbers and words as they were written', () => {
		expect(written(linesOf('{"a": 9007199254740993, "b": 1.0, "c": -0, "d": NaN}'))).toEqual([
			'a: 9007199254740993',
			'b: 1.0',
			'c: -0',
			'd: NaN',
		]);
	});

	test('show members that have the same key, or an odd one', () => {
		expect(written(linesOf('{"a": 1, "a": 2, "__proto__": 3}'))).toEqual([
			'a: 1',
			'a: 2',
			'__proto__: 3',
		]);
	});

	test('open what is small and near', () => {
		expect(written(linesOf('{"a": {"b": {"c": {"d": 1}}}, "e": []}'))).toEqual([
			'a: {1 key}',
			'  b: {1 key}',
			'    c: {1 key}',
			'e: []',
		]);
	});

	test('follow what was folded and unfolded', () => {
		const toggled = new Set(['/0', '/1']);
		const json = `{"small": [1], "big": [${'0,'.repeat(40)}0]}`;
		const lines = linesOf(json, { toggled });
		expect(written(lines.slice(0, 3))).toEqual(['small: [1 item]', 'big: [41 items]', '  0: 0']);
		expect(lines).toHaveLength(43);
	});

	test('list a long array in pieces', () => {
		const json = `[${'0,'.repeat(1_249)}0]`;
		const lines = linesOf(json);
		expect([lines.length, lines.at(-1)?.text]).toEqual([101, '1,150 more']);
		const more = linesOf(json, { listed: new Map([['', 200]]) });
		expect([more.length, more.at(-1)?.text]).toEqual([201, '1,050 more']);
	});

	test('know their place, for those who hear it', () => {
		expect(
			linesOf('{"a": [7, 8]}').map(({ path, parent, position, siblings }) => ({
				path,
				parent,
				position,
				siblings,
			})),
		).toEqual([
			{ path: '/0', parent: undefined, position: 1, siblings: 1 },
			{ path: '/0/0', parent: '/0', position: 1, siblings: 2 },
			{ path: '/0/1', parent: '/0', position: 2, siblings: 2 },
		]);
	});
});
