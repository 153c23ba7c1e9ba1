import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

test('what is kept is checked, saved, and there again after a reload', async ({ app }) => {
	const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 10));
	const log = new LogPage(page);
	await log.says('10 stored');
	const dialog = page.getByRole('dialog', { name: 'Settings' });
	const age = dialog.getByRole('textbox', { name: 'Age' });
	await log.button('Settings').click();
	await expect(dialog).toContainText('Stored now: 10 entries');
	await dialog.getByRole('checkbox', { name: 'Keep the text of the logs' }).uncheck();
	await dialog.getByRole('textbox', { name: 'Size on disk' }).fill('1.5');
	await age.fill('a week');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog.getByRole('alert').filter({ hasText: 'whole number of days' })).toBeVisible();
	await expect(age).toBeFocused();
	await age.fill('20,000');
	await page.keyboard.press('Enter');
	await expect(dialog).toBeHidden();

	await page.reload();
	await log.says('10 stored');
	await log.button('Settings').click();
	await expect(
		dialog.getByRole('checkbox', { name: 'Keep the text of the logs' }),
	).not.toBeChecked();
	await expect(dialog.getByRole('textbox', { name: 'Size on disk' })).toHaveValue('1.5');
	await expect(age).toHaveValue('20000');
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
	await expect(log.button('Settings')).toBeFocused();
});
