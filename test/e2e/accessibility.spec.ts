import { join, sep } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, writeEntries, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { seriousFindings } from './pages/serious-findings.ts';

test('axe finds nothing serious @page', async ({ app }) => {
	const page = await app.start();
	const log = new LogPage(page);
	await expect(page.getByRole('heading', { name: 'No log is open' })).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);

	await page.keyboard.press('F1');
	await expect(page.getByRole('dialog')).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);
	await page.keyboard.press('Escape');

	const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];
	const lines = levels.map((level) =>
		line({
			level,
			message: `as ${level}`,
			task_id: 'daily',
			extra: { a: { b: [1, 'x', null] } },
		}),
	);
	await app.openFile(writeLog(join(app.folder, 'a.jsonl'), lines));
	await log.says('5 shown');
	await log.search.fill('as');
	await expect(log.rowAt(5).locator('mark')).toBeVisible();
	for (let number = 1; number <= levels.length; number++) {
		await log.rowAt(number).click();
		await expect(log.rowAt(number)).toHaveAttribute('aria-selected', 'true');
		await expect(log.details.getByRole('treeitem').first()).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
	}

	await log.search.fill('nothing like that');
	await expect(page.getByRole('heading', { name: 'No entry matches' })).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);
});

test('axe finds nothing serious in the dialogs @page', async ({ app }) => {
	const broken = '{"ts": "2026-11-22 10:28:41", "mess';
	const lines = [line({ message: 'one' }), broken, line({ message: 'two' })];
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), lines));
	const log = new LogPage(page);
	await log.says('3 stored');
	await log.button('1 quarantined').click();
	await expect(log.chip('Quarantined')).toBeVisible();
	await log.rowAt(1).click();
	await expect(log.details).toContainText('Quarantined:');
	expect(await seriousFindings(page)).toEqual([]);
	await log.chip('Quarantined').click();

	const panel = await log.about('a.jsonl');
	await expect(panel.logs).toHaveCount(1);
	expect(await seriousFindings(page)).toEqual([]);
	await panel.button('Columns…').click();
	const message = page.getByRole('combobox', { name: 'Message' });
	await message.selectOption({ index: 1 });
	await expect(page.getByRole('insertion').first()).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);
	await page.keyboard.press('Escape');
	await expect(panel.dialog).toBeVisible();
	await page.keyboard.press('Escape');

	await log.button('Settings').click();
	await page.getByRole('textbox', { name: 'Age' }).fill('x');
	await log.button('Save').click();
	await expect(page.getByRole('dialog').getByText('Type a whole number')).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);
	await page.keyboard.press('Escape');

	await log.button('Add source').click();
	// Nothing may be proposed for an empty text: a home folder may have nothing to show.
	await page.getByRole('dialog').getByRole('combobox').fill(join(app.folder, sep));
	await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);
});

test('details that do not fit are scrolled by the keyboard @page', async ({ app }) => {
	const exception = ['Traceback (most recent call last):', ...Array(40).fill('  File "a.py"')];
	const page = await app.start(
		writeLog(join(app.folder, 'a.jsonl'), [
			line({ message: 'm', exception: exception.join('\n') }),
		]),
	);
	await page.setViewportSize({ width: 680, height: 430 });
	const log = new LogPage(page);
	await log.rowAt(1).click();
	await expect(log.details.getByRole('heading', { name: 'Traceback' })).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);
	const message = log.details.getByRole('group', { name: 'Message' });
	await expect(message).toBeInViewport();
	await log.details.getByRole('group', { name: 'Entry' }).focus();
	await page.keyboard.press('End');
	await expect(message).not.toBeInViewport();
});

test('the table is a grid that knows its rows @page', async ({ app }) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 1_000)));
	await log.says('1,000 stored');
	await log.limit.selectOption('All');
	await expect(log.grid).toHaveAttribute('aria-rowcount', '1001');
	await expect(log.grid.getByRole('columnheader')).toHaveText([
		'Time',
		'Level',
		'Task',
		'Logger',
		'Message',
	]);
	await log.grid.focus();
	await log.grid.press('End');
	await expect(log.rowAt(1_000)).toHaveAttribute('aria-selected', 'true');
	const id = await log.rowAt(1_000).getAttribute('id');
	await expect(log.grid).toHaveAttribute('aria-activedescendant', id ?? '');
});

test('there is one status, and it is no chatterbox @page', async ({ app }) => {
	const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 10));
	const log = new LogPage(page);
	await log.says('10 shown · 10 matched · 10 stored');
	await expect(page.getByRole('status')).toHaveCount(1);
	await expect(log.status).toHaveAttribute('aria-live', 'off');
	await expect(page.getByText('10 entries found.')).toBeAttached();
});

test('forced colours keep the chosen row and the levels apart @page', async ({ app }) => {
	const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 10));
	await page.emulateMedia({ forcedColors: 'active' });
	const log = new LogPage(page);
	await log.rowAt(2).click();
	const colours = (number: number) =>
		log.rowAt(number).evaluate((row) => getComputedStyle(row).backgroundColor);
	await expect(log.rowAt(2)).toHaveAttribute('aria-selected', 'true');
	expect(await colours(2)).not.toBe(await colours(3));
});

test('axe finds nothing serious in what asks @page', async ({ app }) => {
	const lines = ['one', 'two'].map((message) => line({ message, task_id: 'daily' }));
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), lines));
	const log = new LogPage(page);
	await log.says('2 stored');
	for (const [width, height] of [
		[1_360, 860],
		[900, 600],
	] as const) {
		await page.setViewportSize({ width, height });
		await log.ask('is:error -logger:asyncz.* "not closed');
		await expect(page.getByRole('note', { name: 'Searched as text' })).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
		await log.ask('task:daily level:(INFO OR DEBUG) /on./');
		await log.query.pressSequentially(' lev');
		await log.query.press('ArrowDown');
		await expect(log.proposals.first()).toHaveAttribute('aria-selected', 'true');
		expect(await seriousFindings(page)).toEqual([]);
		await log.ask('');
		await log.range.click();
		await page.getByRole('textbox', { name: 'From' }).fill('x');
		await page.getByRole('textbox', { name: 'From' }).press('Enter');
		await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
		await page.keyboard.press('Escape');
	}
});
