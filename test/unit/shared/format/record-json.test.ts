import { describe, expect, test } from 'vitest';
import { recordJson } from '#shared/format/record-json.ts';
import type { LogEntry } from '#shared/model/entry.ts';

const TS = Date.UTC(2026, 10, 22, 10, 19, 46, 278) * 1_000 + 583;

function entry(given: Partial<LogEntry>): LogEntry {
	return {
		seq: 1,
		ts: TS,
		level: 'INFO',
		severity: 20,
		message: '',
		logger: 'asyncz.task',
		source: 1,
		flags: 0,
		raw: '',
		file: '/a.jsonl',
		offset: 0,
		...given,
	};
}

describe('the JSON record of an entry', () => {
	test('is as AsyncZ writes it', () => {
		expect(recordJson(entry({ message: 'Say "hi"', level: 'INFO' }))).toBe(
			'{"ts": "2026-11-22 10:19:46.278583+00:00", "level": "INFO", "message": "Say \\"hi\\"", ' +
				'"logger": "asyncz.task", "task_id": null, "extra": null}',
		);
	});

	test('has its extra as it was written', () => {
		const extra = '{"id": 18446744073709551615, "x": 1.0, "a": NaN}';
		const json = recordJson(entry({ extra, task_id: 'daily' }));
		expect(json).toContain(`"task_id": "daily", "extra": ${extra}}`);
	});

	test('has a traceback, unless it is in the extra already', () => {
		const exception = 'Traceback\n  File "a.py"';
		const text = '"Traceback\\n  File \\"a.py\\""';
		const ends = (given: Partial<LogEntry>) => recordJson(entry({ exception, ...given }));
		expect(ends({})).toContain(`"extra": {"exception": ${text}}}`);
		expect(ends({ extra: '{"id": 1.0 }' })).toContain(
			`"extra": {"id": 1.0 , "exception": ${text}}}`,
		);
		expect(ends({ extra: '{"exception": "other"}' })).toContain(
			`"extra": {"exception": "other", "traceback": ${text}}}`,
		);
		const extra = JSON.stringify({ exc_text: exception });
		expect(ends({ extra })).not.toContain('"exception"');
	});

	test('has its line where its extra could not be taken apart', () => {
		expect(recordJson(entry({ raw: '{"deep": 1}', extraProblem: 'too deep' }))).toContain(
			'"extra": {"line": "{\\"deep\\": 1}"}}',
		);
	});
});
