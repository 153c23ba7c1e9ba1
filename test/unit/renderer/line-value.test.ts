import { expect, test } from 'vitest';
import { parseJson } from '#shared/json/parse-json.ts';
import { jsonLines } from '../../../src/renderer/lib/json-lines.ts';
import { lineValue } from '../../../src/renderer/lib/line-value.ts';

test('each line of a tree is a field with a value, as a query names them', () => {
	const json =
		'{"a": {"b.c": [1.0, {"d": "x\\ny"}]}, "n": null, "level": true, "big": 9007199254740993}';
	const root = parseJson(json);
	const lines =
		root === undefined
			? []
			: jsonLines(root, json, { toggled: new Set(['/0/0/1']), listed: new Map() });
	expect(lines.map((line) => lineValue(line, json))).toEqual([
		{ field: 'a', value: undefined, text: '{"b.c": [1.0, {"d": "x\\ny"}]}' },
		{ field: 'a."b.c"', value: undefined, text: '[1.0, {"d": "x\\ny"}]' },
		{ field: 'a."b.c"', value: '1.0', text: '1.0' },
		{ field: 'a."b.c"', value: undefined, text: '{"d": "x\\ny"}' },
		{ field: 'a."b.c".d', value: 'x\ny', text: 'x\ny' },
		{ field: 'n', value: undefined, text: 'null' },
		{ field: 'extra.level', value: 'true', text: 'true' },
		{ field: 'big', value: '9007199254740993', text: '9007199254740993' },
	]);
});
