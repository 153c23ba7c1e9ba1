import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

test('rows are nearer or further apart, wrapped and shaded, and stay so', async ({ app }) => {
	const lines = Array.from({ length: 600 }, (_, index) =>
		line({ message: `entry ${index + 1} ${'and more of it '.repeat(40)}` }),
	);
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
	await log.shows('600 stored');
	const { page } = log;
	const height = async () => (await log.rows.first().boundingBox())?.height;
	const settings = page.getByRole('dialog', { name: 'Settings' });
	expect(await height()).toBe(22);
	await log.button('Settings').click();
	await settings.getByRole('combobox', { name: 'Rows' }).selectOption('Compact');
	await settings.getByRole('checkbox', { name: 'Shade every second row' }).check();
	await settings.getByRole('button', { name: 'Save' }).click();
	await expect.poll(height).toBe(18);
	const colours = await Promise.all(
		[2, 3, 4].map((row) =>
			log.rowAt(row).evaluate((element) => getComputedStyle(element).backgroundColor),
		),
	);
	expect(colours[0]).toBe(colours[2]);
	expect(colours[0]).not.toBe(colours[1]);

	// The reader's row stays on top, and the last one is reached whatever the height.
	await log.scrollRows(100);
	const first = (await log.visibleMessages())[0] ?? '';
	await log.run('Wrap messages, or cut them');
	await expect.poll(height).toBe(50);
	await log.showsFirst(first);
	const message = log.rows.nth(5).locator('.message');
	expect((await message.boundingBox())?.height).toBe(48);
	await log.grid.focus();
	await page.keyboard.press('End');
	await expect(log.row('entry 401 ')).toBeInViewport({ ratio: 1 });
	await page.keyboard.press('k');
	await expect(log.row('entry 402 ')).toHaveAttribute('aria-selected', 'true');

	const again = new LogPage(await app.restart());
	await again.shows('600 stored');
	expect((await again.rows.first().boundingBox())?.height).toBe(50);
	await again.run('Rows nearer to each other, or further apart');
	await expect.poll(async () => (await again.rows.first().boundingBox())?.height).toBe(56);
});
