import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';

test('operators in small letters are told, and put right by one click', async ({ app }) => {
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), [line({ message: 'x' })]));
	const bar = page.getByRole('combobox', { name: 'Query' });
	await bar.fill('level:error and task:daily');
	await bar.press('Enter');
	const note = page.getByRole('note', { name: 'About this query' });
	await expect(note).toContainText('operators are written in capitals');
	await note.getByRole('button', { name: 'Use level:error AND task:daily' }).click();
	await expect(bar).toHaveValue('level:error AND task:daily');
	await expect(note).toHaveCount(0);
});
