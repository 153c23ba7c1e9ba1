import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { seriousFindings } from './pages/serious-findings.ts';

const SIZES = [
	{ width: 1_360, height: 860 },
	{ width: 900, height: 600 },
];

test('axe finds nothing serious in what helps to read rows @page', async ({ app }) => {
	const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];
	const lines = levels.map((level) => line({ level, message: `as ${level}`, task_id: 'daily' }));
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), lines));
	const log = new LogPage(page);
	await log.shows('5 shown');
	await log.grid.focus();
	await page.keyboard.press('Control+s');
	await page.keyboard.type('A view');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('button', { name: 'Change view A view' })).toBeVisible();
	await log.grid.focus();
	for (const key of ['ArrowDown', 'm', 'p', 'ArrowDown', 'ArrowDown', 'm', 'v']) {
		await page.keyboard.press(key);
	}
	await expect(page.getByRole('region', { name: 'Context' })).toBeVisible();
	await page.keyboard.press('Control+f');
	const bar = page.getByRole('search', { name: 'Highlight' });
	await bar.getByRole('textbox').fill('as');
	await expect(bar).toContainText('5');

	for (const size of SIZES) {
		await page.setViewportSize(size);
		expect(await seriousFindings(page)).toEqual([]);
	}
	for (const [keys, dialog] of [
		['Control+k', 'Commands'],
		['Control+s', 'Save view'],
		['F1', 'Keys'],
	] as const) {
		await page.keyboard.press(keys);
		await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
		await page.keyboard.press('Escape');
		await expect(page.getByRole('dialog', { name: dialog })).toBeHidden();
	}
	await log.grid.focus();
	await page.keyboard.press('t');
	await page.keyboard.type('noon');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Type a time like');
	expect(await seriousFindings(page)).toEqual([]);
});
