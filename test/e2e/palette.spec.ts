import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, writeEntries, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

test('a command is found by a few letters, and done', async ({ app }) => {
	const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 300));
	const log = new LogPage(page);
	await log.shows('300 stored');
	const palette = page.getByRole('dialog', { name: 'Commands' });
	const field = palette.getByRole('combobox', { name: 'Command' });
	const options = palette.getByRole('option');

	await page.keyboard.press('Control+k');
	await expect(field).toBeFocused();
	await expect(options.first()).toHaveAttribute('aria-selected', 'true');
	await field.fill('pau');
	await expect(options.first()).toHaveText(/^Pause or resume\s*Space$/);
	await page.keyboard.press('Enter');
	await expect(palette).toBeHidden();
	await expect(log.button('Resume')).toBeVisible();
	await expect(log.grid).toBeFocused();

	// What was chosen lately is the first that is offered.
	await page.keyboard.press('Control+Shift+P');
	await expect(options.first()).toHaveText(/^Pause or resume/);
	await options.first().click();
	await expect(log.button('Pause')).toBeVisible();

	await page.keyboard.press('Control+k');
	await field.fill('oldest');
	await page.keyboard.press('Enter');
	await expect(log.rowAt(200)).toHaveAttribute('aria-selected', 'true');
});

test('a command that opens a dialog leaves that one open @page', async ({ app }) => {
	const page = await app.start();
	await page.keyboard.press('Control+k');
	await page.keyboard.type('settings');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Control+k');
	await page.keyboard.type('no such thing');
	await expect(page.getByText('Nothing has that in its name.')).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toBeHidden();
});

test('one of several sources is shown, and all of them again @page', async ({ app }) => {
	const page = await app.start(
		writeLog(join(app.folder, 'a.jsonl'), [line({ message: 'of a' })]),
		writeLog(join(app.folder, 'b.jsonl'), [line({ message: 'of b' })]),
	);
	const log = new LogPage(page);
	await log.says('2 shown');
	await page.keyboard.press('Control+Shift+O');
	const options = page.getByRole('dialog').getByRole('option');
	await expect(options).toHaveText(['Show only source a.jsonl', 'Show only source b.jsonl']);
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(log.rows).toHaveCount(1);
	await expect(log.row('of b')).toBeVisible();
	await page.keyboard.press('Control+Shift+O');
	await page.keyboard.type('all');
	await page.keyboard.press('Enter');
	await expect(log.rows).toHaveCount(2);
});
