import { expect, test } from 'vitest';
import { ODD_ENTRIES, VARIED_ENTRIES } from '#engine/storages/kit/sample-entries.ts';
import { recordLine } from '#engine/storages/lines/record-line.ts';
import { entriesOfLine } from '#engine/storages/lines/stored-line.ts';
import { recordJson } from '#shared/format/record-json.ts';
import { Random } from '../../../../support/entries.ts';
import { randomNewEntries } from '../../../../support/storage-pairs.ts';

const entries = [...VARIED_ENTRIES, ...randomNewEntries(new Random(3), 500)];

test('a line is what recordJson makes of an entry', () => {
	for (const entry of entries.filter(({ extra = '' }) => !/\\ud/i.test(extra))) {
		expect(recordLine(entry)).toBe(`${recordJson({ ...entry, raw: '' })}\n`);
	}
});

test('a line says what was stored, and has no line end inside', () => {
	for (const entry of [...ODD_ENTRIES, ...entries]) {
		const line = recordLine(entry);
		expect(line.indexOf('\n')).toBe(line.length - 1);
		expect(entriesOfLine(line.slice(0, -1), 0)).toMatchObject([
			{ ts: entry.ts, message: entry.message.toWellFormed(), logger: entry.logger.toWellFormed() },
		]);
	}
});

const lineWith = (extra: string) =>
	recordLine({ ts: 0, level: 'INFO', message: '', logger: '', extra });

test('half a character in extra becomes a whole one, pairs and backslashes stay', () => {
	expect(lineWith('{"a": "\\ud83d"}')).toContain('{"a": "\\ufffd"}');
	expect(lineWith('{"a": "\\uDE00x\\ud83d\\ude00"}')).toContain('{"a": "\\ufffdx\\ud83d\\ude00"}');
	expect(lineWith('{"a": "\\\\ud83d"}')).toContain('{"a": "\\\\ud83d"}');
});
