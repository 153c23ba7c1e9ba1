import { join } from 'node:path';
import type { Locator } from 'playwright/test';
import { expect, test as base } from './fixtures.ts';
import { writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const odd = (number: number) =>
	`{"when":${1_795_342_787 + number},"sev":"bad","txt":"text ${number}","ctx":{"job":"a"}}`;

/** A log with keys that nobody uses, which is open. */
const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const lines = [1, 2, 3].map(odd);
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'odd.jsonl'), lines)));
		await log.shows('3 stored');
		await use(log);
	},
});

function editorOf(log: LogPage): Locator {
	return log.page.getByRole('dialog', { name: 'Columns of odd.jsonl' });
}

test('clicked values become columns, of stored entries too, and are taken back', async ({
	log,
}) => {
	await (await log.about('odd.jsonl')).button('Columns…').click();
	const editor = editorOf(log);
	const apply = editor.getByRole('button', { name: 'Apply' });
	await expect(apply).toBeDisabled();
	await expect(editor.getByRole('row')).toHaveCount(4);
	for (const [field, text] of [
		['Time', /^\s*when/],
		['Level', /^\s*sev/],
		['Message', /^\s*txt/],
		['Task', /^\s*job/],
	] as const) {
		await editor.getByRole('combobox', { name: field }).focus();
		await editor.getByRole('treeitem').filter({ hasText: text }).click();
	}
	await expect(editor.getByRole('combobox', { name: 'Task' })).toHaveValue('["ctx","job"]');
	await expect(editor.getByRole('insertion').filter({ hasText: 'BAD' })).toHaveCount(3);
	await expect(editor).toContainText('3 lines change of the newest 3');
	await apply.click();
	await expect(editor).toBeHidden();

	const panel = log.page.getByRole('dialog', { name: 'odd.jsonl', exact: true });
	await expect(panel).toContainText('with columns you chose');
	await log.page.keyboard.press('Escape');
	await expect.poll(() => log.visibleMessages()).toEqual(['text 3', 'text 2', 'text 1']);
	await expect(log.rowAt(1)).toContainText('BAD');
	await log.taskId.fill('a');
	await log.says('3 matched');
	await log.button('Reset').click();

	await (await log.about('odd.jsonl')).button('Columns…').click();
	await editor.getByRole('button', { name: 'Remove mapping' }).click();
	await expect(editor).toBeHidden();
	await expect(panel).not.toContainText('with columns you chose');
	await log.page.keyboard.press('Escape');
	await expect(log.rowAt(1)).not.toContainText('BAD');
});

test('columns are chosen from the details of an entry by keyboard alone', async ({ log }) => {
	const { page } = log;
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(log.details).toContainText('text 2');
	await log.button('Wrong columns?').focus();
	await page.keyboard.press('Enter');
	const editor = editorOf(log);
	await expect(editor.getByRole('tree')).toContainText('text 2');
	const message = editor.getByRole('combobox', { name: 'Message' });
	await message.focus();
	await page.keyboard.type('txt');
	await expect(message).toHaveValue('["txt"]');
	await expect(editor.getByRole('insertion')).toHaveText(['text 2', 'text 3', 'text 1']);
	await editor.getByRole('combobox', { name: 'Level' }).focus();
	await editor.getByRole('treeitem').first().focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(editor.getByRole('combobox', { name: 'Level' })).toHaveValue('["sev"]');
	await editor.getByRole('button', { name: 'Apply' }).focus();
	await page.keyboard.press('Enter');
	await expect(editor).toBeHidden();
	await expect(page.getByRole('dialog')).toBeHidden();
	await expect(log.button('Wrong columns?')).toBeFocused();
	await expect(log.details.getByRole('group', { name: 'Message' })).toHaveText('text 2');
});
