import { expect, test } from 'vitest';
import { firstDifference } from '../../../support/entries.ts';
import { asynczLine, numberedMessages } from '../../../support/write-log.ts';
import { LogInTest, newStorage, rowsOf, sinkOf, untilHistory } from './storage-in-test.ts';

function traceback(name: string, frames: number): string {
	const lines = Array.from({ length: frames }, (_, n) => `  File "${name}.py", line ${n}, in f`);
	return ['Traceback (most recent call last):', ...lines, `ValueError: ${name}`].join('\n');
}

test('a traceback longer than what is looked through for a place to cut stays in one piece', async () => {
	const storage = newStorage();
	const entries = numberedMessages('failed', 0, 24).flatMap((name) => [
		asynczLine(name),
		`2026-11-22 10:19:46,278 ERROR app ${name}\n${traceback(name, 30_000)}`,
	]);
	const text = entries.map((entry) => `${entry}\n`).join('');
	const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
	log.leave(text);
	await untilHistory(storage);
	const rows = (await rowsOf(storage)).toReversed();
	const raws = await Promise.all(rows.map(async ({ seq }) => (await storage.get(seq))?.raw));
	expect(firstDifference(raws, entries)).toBeUndefined();
}, 30_000);

test('a history in which no entry is seen to begin is cut all the same', async () => {
	const storage = newStorage();
	const text = '  indented\n'.repeat(7_000_000);
	const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
	log.leave(text);
	await untilHistory(storage);
	const rows = await rowsOf(storage);
	expect(rows.length).toBe(2);
	expect(storage.generations.covered(log.id).bytes).toBe(text.length);
}, 30_000);

test('lines that go on after a line that was cut are kept', async () => {
	const storage = newStorage();
	const long = asynczLine('x'.repeat(5 * 1024 * 1024));
	const text = `${asynczLine('before')}\n${long}\n  goes on\n${asynczLine('after')}\n`;
	const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
	log.leave(text);
	await untilHistory(storage);
	const rows = await rowsOf(storage);
	expect(rows.length).toBe(3);
	expect((await storage.get(rows[1]?.seq ?? 0))?.raw.slice(-11)).toBe('x\n  goes on');
}, 30_000);
