import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

const noAccess = 'This page has no access to the app';

test('the token leaves the address bar, and a reload does without', async ({ app }) => {
	const page = await app.start();
	await expect(page.getByRole('heading', { name: 'No log is open' })).toBeVisible();
	expect(new URL(page.url()).hash).toBe('');
	await page.reload();
	await expect(page.getByRole('heading', { name: 'No log is open' })).toBeVisible();
});

test('a page without the token says what to do', async ({ app, context }) => {
	const { origin } = new URL((await app.start()).url());
	const other = await context.newPage();
	await other.goto(origin);
	await expect(other.getByRole('heading', { name: noAccess })).toBeVisible();
});

test('a page with a token of another start says what to do', async ({ app, context }) => {
	const { origin } = new URL((await app.start()).url());
	const other = await context.newPage();
	await other.goto(`${origin}/#token=of-another-start`);
	await expect(other.getByRole('heading', { name: noAccess })).toBeVisible();
});

test('the printed address pasted into a page without access gives it', async ({ app, context }) => {
	const page = await app.start();
	const { origin } = new URL(page.url());
	const token = await page.evaluate(() => sessionStorage.getItem('asyncz-companion.token'));
	const other = await context.newPage();
	await other.goto(origin);
	await expect(other.getByRole('heading', { name: noAccess })).toBeVisible();
	await other.evaluate((pasted) => location.assign(`/#token=${pasted}`), token);
	await expect(other.getByRole('heading', { name: 'No log is open' })).toBeVisible();
});

test('a path is completed as it is typed, and opened', async ({ app }) => {
	writeFileSync(join(app.folder, 'scheduler.jsonl'), '{"message":"hello"}\n');
	const page = await app.start();
	await page.getByRole('button', { name: 'Open file' }).first().click();
	const dialog = page.getByRole('dialog', { name: 'Open a log' });
	const field = dialog.getByRole('combobox', { name: 'File, folder or pattern' });
	await field.fill(join(app.folder, 'sch'));
	await dialog.getByRole('option', { name: join(app.folder, 'scheduler.jsonl') }).click();
	await dialog.getByRole('button', { name: 'Open', exact: true }).click();
	await expect(page.getByRole('row').filter({ hasText: 'hello' })).toBeVisible();
});

test('a path outside the allowed folders is refused with the way to allow it', async ({ app }) => {
	const page = await app.start();
	await app.openFile('/etc/hostname');
	await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
		`(${app.folder}). To allow it, start with --allow /etc`,
	);
});

test('a dropped file asks for its path, which a browser does not tell', async ({ app }) => {
	const path = join(app.folder, 'a.jsonl');
	writeFileSync(path, '{"message":"hello"}\n');
	const page = await app.start();
	await app.drop(path);
	await expect(page.getByRole('dialog', { name: 'Open a log' })).toContainText('a.jsonl');
});

test('a page whose host has gone says so and keeps its rows', async ({ app }) => {
	const path = join(app.folder, 'a.jsonl');
	writeFileSync(path, '{"message":"hello"}\n');
	const page = await app.start(path);
	await expect(page.getByRole('row').filter({ hasText: 'hello' })).toBeVisible();
	await app.kill();
	await expect(page.getByRole('alert')).toContainText('Disconnected');
	await expect(page.getByRole('row').filter({ hasText: 'hello' })).toBeVisible();
});
