import { join } from 'node:path';
import type { Locator, Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import type { App } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

/** The dialog under the button of the time range. */
class RangeDialog {
	readonly dialog: Locator;
	readonly last: Locator;
	readonly from: Locator;
	readonly to: Locator;

	constructor(page: Page) {
		this.dialog = page.getByRole('dialog', { name: 'Time range' });
		this.last = this.dialog.getByRole('textbox', { name: 'Last' });
		this.from = this.dialog.getByRole('textbox', { name: 'From' });
		this.to = this.dialog.getByRole('textbox', { name: 'To' });
	}

	choice(name: string): Locator {
		return this.dialog.getByRole('button', { name, exact: true });
	}
}

/** Starts with entries of so many minutes ago. */
async function startWith(app: App, minutesAgo: readonly number[]): Promise<LogPage> {
	const lines = minutesAgo.map((minutes) =>
		line({
			ts: new Date(Date.now() - minutes * 60_000).toISOString(),
			message: `${minutes} minutes ago`,
		}),
	);
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
	await log.says(`${lines.length} matched`);
	return log;
}

test('what happened lately is chosen or typed', async ({ app }) => {
	const log = await startWith(app, [10_000, 3_000, 600, 150, 30, 5]);
	const range = new RangeDialog(log.page);
	await expect(log.range).toHaveAccessibleName('Time range: All time');
	for (const [choice, name, matched] of [
		['15 min', 'Last 15 min', 1],
		['1 h', 'Last 1 h', 2],
		['4 h', 'Last 4 h', 3],
		['24 h', 'Last 24 h', 4],
		['7 days', 'Last 7 days', 6],
	] as const) {
		await log.range.click();
		await range.choice(choice).click();
		await expect(range.dialog).toBeHidden();
		await expect(log.range).toHaveAccessibleName(`Time range: ${name}`);
		await log.says(`${matched} matched`);
	}
	await log.range.click();
	await expect(range.choice('7 days')).toHaveAttribute('aria-pressed', 'true');
	await range.last.fill('soon');
	await range.last.press('Enter');
	await expect(range.dialog.getByRole('alert')).toHaveText(/^Type a length of time/);
	await range.last.fill('2 days 3 h');
	await range.last.press('Enter');
	await expect(log.range).toHaveAccessibleName('Time range: Last 2 days 3 h');
	await log.says('5 matched');

	await log.page.reload();
	await expect(log.range).toHaveAccessibleName('Time range: Last 2 days 3 h');
	await log.says('5 matched');
	await expect(log.button('Undo')).toBeDisabled();
	await log.button('Reset').click();
	await expect(log.range).toHaveAccessibleName('Time range: All time');
	await log.says('6 matched');
	await log.button('Undo').click();
	await log.says('5 matched');
});

test('a stretch between two moments is typed, in UTC or local time @page', async ({ app }) => {
	const lines = ['10:00:00', '10:28:00', '10:28:59.5', '10:29:00', '11:00:00'].map((time) =>
		line({ ts: `2026-11-22T${time}Z`, message: time }),
	);
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), lines));
	const log = new LogPage(page);
	const range = new RangeDialog(page);
	await log.says('5 matched');
	await page.getByRole('combobox', { name: 'Time' }).selectOption('UTC');
	await log.range.click();
	await expect(range.dialog).toContainText('Times are UTC');
	await range.from.fill('tomorrow');
	await range.from.press('Enter');
	await expect(range.dialog.getByRole('alert').last()).toContainText('“tomorrow” is no time');
	await expect(range.from).toHaveAttribute('aria-invalid', 'true');
	await range.from.fill('2026-11-22 10:29');
	await range.to.fill('2026-11-22 10:28');
	await range.to.press('Enter');
	await expect(range.dialog.getByRole('alert').last()).toHaveText('It would end before it begins.');
	await range.from.fill('2026-11-22 10:28');
	await range.to.press('Enter');
	await log.says('2 matched');
	await expect(log.range).toHaveAccessibleName('Time range: 2026-11-22 10:28 – 10:29');

	await log.range.click();
	await expect(range.from).toHaveValue('2026-11-22 10:28');
	await range.to.fill('');
	await range.from.fill('2026-11-22T11:29+01:00');
	await range.from.press('Enter');
	await expect(log.range).toHaveAccessibleName('Time range: Since 2026-11-22 10:29');
	await log.says('2 matched');

	await log.range.click();
	await page.keyboard.press('Escape');
	await expect(range.dialog).toBeHidden();
	await expect(log.range).toBeFocused();
	await log.range.click();
	await log.status.click();
	await expect(range.dialog).toBeHidden();
});
