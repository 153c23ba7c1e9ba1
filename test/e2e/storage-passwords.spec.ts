import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import type { App } from './fixtures.ts';
import { LogPage } from './pages/log-page.ts';
import { StorageDialog } from './pages/storage-dialog.ts';

/** Nobody listens there: it is not for users. */
const NOBODY = '127.0.0.1:1';
const SECRET = 'tr0ub4dor';

for (const keep of ['session', 'file', 'keychain'] as const) {
	test(`a password is kept where it is told to: ${keep}`, async ({ app }) => {
		const log = new LogPage(await app.start());
		const storage = await StorageDialog.open(log);
		await storage.paste(`postgres://asyncz:${SECRET}@${NOBODY}/logs`);
		await expect(storage.address).toHaveValue(`postgres://asyncz@${NOBODY}/logs`);
		await expect(storage.password).toHaveValue(SECRET);
		const choice = storage.field('Keep it');
		if (keep === 'keychain' && app.hostKind === 'web') {
			await expect(choice.locator('option')).toHaveText([
				'Until the app is closed',
				'In a file, not encrypted',
			]);
			return;
		}
		await choice.selectOption(keep);
		await storage.button('Add as mirror').click();
		await expect(storage.used('Postgres')).toContainText('mirror');
		await expect(storage.password).toHaveValue('');
		const kept = {
			session: 'It is known until the app is closed.',
			file: 'It is in a file of the app’s data folder, as it is.',
			keychain: 'It is in the keychain of this system.',
		}[keep];
		await expect(storage.dialog.getByText(kept)).toBeVisible();
		await expect(storage.used('Postgres')).toContainText('127.0.0.1');
		expect(await log.page.content()).not.toContain(SECRET);
		const inFile = keep === 'file' ? ['passwords.json'] : [];
		expect(filesWith(app, SECRET)).toEqual(inFile);

		const again = new LogPage(await app.restart());
		const dialog = await StorageDialog.open(again);
		await dialog.paste(`postgres://asyncz@${NOBODY}/logs`);
		if (keep === 'session') {
			await expect(dialog.field('Password')).toBeVisible();
			await expect(dialog.button('Forget it')).toBeHidden();
		} else {
			await expect(dialog.dialog.getByText(kept)).toBeVisible();
			await dialog.button('Forget it').click();
			await expect(dialog.button('Forget it')).toBeHidden();
			expect(filesWith(app, '"postgres://asyncz@127')).not.toContain('passwords.json');
		}
		expect(filesWith(app, SECRET)).toEqual([]);
		expect(await again.page.content()).not.toContain(SECRET);
	});
}

test('without a keyring a password goes to a file only if the user says so', async ({ app }) => {
	writeFileSync(join(app.socketFolder, 'no-keyring'), '');
	const log = new LogPage(await app.start());
	const storage = await StorageDialog.open(log);
	await storage.paste(`redis://:${SECRET}@${NOBODY}/0`);
	await expect(storage.field('Keep it')).toHaveValue('session');
	await expect(storage.field('Keep it').getByRole('option', { name: /keychain/ })).toBeHidden();
	await expect(storage.dialog.getByText('There is no keychain here')).toBeVisible();
	await storage.field('Keep it').selectOption('file');
	await expect(storage.dialog.getByText('Whoever can read the files of this user')).toBeVisible();
});

/** The names of the files in the data folder that have a text in them. */
function filesWith({ dataFolder }: App, text: string): readonly string[] {
	return readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).filter((name) => {
		const path = join(dataFolder, name);
		return statSync(path).isFile() && readFileSync(path).includes(text);
	});
}
