import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { seriousFindings } from './pages/serious-findings.ts';

const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 300)));
		await log.shows('200 shown', '300 stored');
		await use(log);
	},
});

test('a command gets another key, which every part of the window knows and which is kept', async ({
	app,
	log,
}) => {
	const { page } = log;
	await log.run('Change keys');
	const dialog = page.getByRole('dialog', { name: 'Change keys' });
	await dialog.getByRole('textbox', { name: 'Find a command' }).fill('pause');
	await dialog.getByRole('button', { name: 'Add a key: Pause or resume' }).click();
	await expect(dialog.getByRole('textbox', { name: 'New key for: Pause or resume' })).toBeFocused();
	await page.keyboard.press('Shift+F8');
	await expect(dialog.getByText('Shift+F8', { exact: true })).toBeVisible();
	await dialog.getByRole('button', { name: 'Take Space from: Pause or resume' }).click();
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();

	await log.grid.press('Shift+F8');
	await expect(log.refresh).toHaveValue('paused');
	await log.grid.press(' ');
	await expect(log.refresh).toHaveValue('paused');
	await expect(log.button('Resume')).toHaveAttribute(
		'title',
		'Take in what comes again (Shift+F8)',
	);
	await page.keyboard.press('Control+k');
	await page.keyboard.type('pause');
	await expect(page.getByRole('option', { name: /^Pause or resume/ })).toContainText('Shift+F8');
	await page.keyboard.press('Escape');

	const again = new LogPage(await app.restart());
	await again.shows('300 stored');
	await again.grid.press('Shift+F8');
	await expect(again.refresh).toHaveValue('paused');
	await again.page.keyboard.press('F1');
	const sheet = again.page.getByRole('dialog', { name: 'Keys', exact: true });
	await expect(sheet.getByText('Shift+F8')).toBeVisible();
});

test('a key that another command has is taken over only if that is said @page', async ({ log }) => {
	const { page } = log;
	await page.keyboard.press('F1');
	await page.getByRole('button', { name: 'Change keys…' }).click();
	const dialog = page.getByRole('dialog', { name: 'Change keys' });
	const add = dialog.getByRole('button', { name: 'Add a key: Settings', exact: true });
	await add.click();
	await page.keyboard.press('e');
	const conflict = dialog.getByRole('alert');
	await expect(conflict).toContainText('e is the key of “Next older error”.');
	expect(await seriousFindings(page)).toEqual([]);
	await conflict.getByRole('button', { name: 'Leave it' }).click();
	await expect(add).toBeFocused();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	await add.click();
	await page.keyboard.press('Escape');
	await expect(add).toBeFocused();
	await add.click();
	await page.keyboard.press('e');
	await conflict.getByRole('button', { name: 'Take it over' }).click();
	await expect(dialog.getByRole('button', { name: 'Take e from: Settings' })).toBeVisible();
	await expect(dialog.getByRole('button', { name: 'Take e from: Next older error' })).toBeHidden();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Escape');
	await log.grid.press('e');
	const settings = page.getByRole('dialog', { name: 'Settings' });
	await settings.getByRole('button', { name: 'Change keys…' }).click();
	await dialog.getByRole('button', { name: 'Reset all keys' }).click();
	await expect(dialog.getByRole('button', { name: 'Take e from: Next older error' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(settings).toBeVisible();
});
