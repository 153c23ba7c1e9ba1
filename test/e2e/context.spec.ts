import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

/** 2,000 entries, every fiftieth an error. */
const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const lines = Array.from({ length: 2_000 }, (_, index) =>
			line({ message: `entry ${index + 1}`, level: (index + 1) % 50 === 0 ? 'ERROR' : 'INFO' }),
		);
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
		await log.shows('2,000 stored');
		await log.level.selectOption('ERROR');
		await log.says('40 matched');
		await use(log);
	},
});

test('an entry is shown among its neighbours, and the way back leads to where one was', async ({
	log,
}) => {
	const { page } = log;
	await log.scrollRows(4);
	await log.grid.focus();
	await log.row('entry 1500').click();
	await page.keyboard.press('Escape');
	const before = await log.visibleMessages();
	await log.grid.focus();
	await page.keyboard.press('v');
	const banner = page.getByRole('region', { name: 'Context' });
	await expect(banner).toContainText('entry 1500');
	await expect(log.row('entry 1501')).toBeVisible();
	await expect(log.row('entry 1499')).toBeVisible();
	await expect(log.row('entry 1500')).toHaveAttribute('aria-selected', 'true');
	await log.says('2,000 matched');

	await page.keyboard.press('PageDown');
	await page.keyboard.press('v');
	await expect(banner).toBeHidden();
	await log.says('40 matched');
	await expect.poll(() => log.visibleMessages()).toEqual(before);
	await expect(log.row('entry 1500')).toHaveAttribute('aria-selected', 'true');
	await expect(log.limit).toHaveValue('200');
});

test('it is left by Esc, by the button, and by asking for something else @page', async ({
	log,
}) => {
	const { page } = log;
	const banner = page.getByRole('region', { name: 'Context' });
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('v');
	await expect(banner).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(banner).toBeHidden();
	await page.keyboard.press('v');
	await banner.getByRole('button', { name: 'Back' }).click();
	await expect(banner).toBeHidden();
	await expect(log.grid).toBeFocused();
	await page.keyboard.press('v');
	await log.says('2,000 matched');
	await log.search.fill('entry 7');
	await expect(banner).toBeHidden();
	await log.says('2 matched');
});

test('the details show their entry in context @page', async ({ log }) => {
	await log.row('entry 1900').click();
	await log.details.getByRole('button', { name: 'Show in context' }).click();
	await expect(log.row('entry 1899')).toBeVisible();
	await expect(log.details).toContainText('entry 1900');
});

test('a row has to be chosen @page', async ({ log }) => {
	await log.grid.focus();
	await log.page.keyboard.press('v');
	await expect(log.page.getByText('Choose a row to show in context first.')).toBeVisible();
});
