import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, LogWriter, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

/** An entry of this second of a minute. */
function at(seconds: number, message: string): string {
	const time = seconds.toFixed(3).padStart(6, '0');
	return line({ ts: `2026-11-22 10:19:${time}000+00:00`, message });
}

test('two files are merged by time, and shown as they came if that is asked for', async ({
	app,
}) => {
	const a = writeLog(join(app.folder, 'a.jsonl'), [at(1, 'a one'), at(3, 'a three')]);
	const b = writeLog(join(app.folder, 'b.jsonl'), [at(2, 'b two'), at(4, 'b four')]);
	const log = new LogPage(await app.start(a));
	await log.says('2 stored');
	const order = log.page.getByRole('combobox', { name: 'Order' });
	await expect(order).toHaveValue('auto');
	// With one source by arrival: a row that comes late stands at the top all the same.
	appendFileSync(a, `${at(0.5, 'a late')}\n`);
	await expect.poll(() => log.visibleMessages()).toEqual(['+2.5 s latea late', 'a three', 'a one']);
	await app.openPath(b);
	await log.says('5 stored');
	const merged = ['b four', 'a three', 'b two', 'a one', '+2.5 s latea late'];
	await expect.poll(() => log.visibleMessages()).toEqual(merged);
	await expect(log.row('a late').getByTitle(/told a newer entry before it/)).toHaveText(
		'+2.5 s late',
	);

	await order.selectOption('As they came');
	await expect
		.poll(() => log.visibleMessages())
		.toEqual(['b four', 'b two', '+2.5 s latea late', 'a three', 'a one']);
	await order.selectOption('By time');
	await expect.poll(() => log.visibleMessages()).toEqual(merged);
	await log.page.reload();
	await expect(order).toHaveValue('time');
	await expect.poll(() => log.visibleMessages()).toEqual(merged);

	// One source alone is in its own order.
	await order.selectOption('Auto');
	await log.ask('source:a.jsonl');
	await expect.poll(() => log.visibleMessages()).toEqual(['+2.5 s latea late', 'a three', 'a one']);
});

test('rows of two files that are written at once stand by time, and the reader’s row stays @page', async ({
	app,
}) => {
	const path = (name: string) => join(app.folder, `${name}.jsonl`);
	const first = Array.from({ length: 120 }, (_, index) => at(index / 10, `a ${index}`));
	const a = writeLog(path('a'), first);
	const b = writeLog(path('b'), [at(0, 'b first')]);
	const log = new LogPage(await app.start(a));
	await app.openPath(b);
	await log.says('121 stored');
	const [one, two] = [new LogWriter(a), new LogWriter(b)];
	for (let index = 0; index < 20; index++) {
		one.write(at(20 + index, `a live ${index}`));
		two.write(at(20.5 + index, `b live ${index}`));
	}
	await log.says('161 stored');
	const newest = Array.from({ length: 20 }, (_, index) => [
		`b live ${19 - index}`,
		`a live ${19 - index}`,
	]).flat();
	await expect
		.poll(async () => (await log.visibleMessages()).slice(0, 10))
		.toEqual(newest.slice(0, 10));

	await log.scrollRows(30);
	await expect.poll(async () => (await log.visibleMessages())[0]).toBe(newest[30]);
	one.write(at(50, 'a last'));
	two.write(at(20.25, 'b between'), at(49, 'b last'));
	await expect(log.pill).toContainText('3 new');
	expect((await log.visibleMessages())[0]).toBe(newest[30]);
	expect((await log.visibleMessages()).slice(8, 12)).toEqual([
		'b live 0',
		'+19.3 s lateb between',
		'a live 0',
		'a 119',
	]);
	one.end();
	two.end();
});
