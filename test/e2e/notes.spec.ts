import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, LogWriter, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

test('a note stands at its row, is found, and is there after a restart', async ({ app }) => {
	const lines = Array.from({ length: 60 }, (_, index) => line({ message: `entry ${index + 1}` }));
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
	await log.shows('60 stored');
	await log.grid.focus();
	await log.page.keyboard.press('ArrowDown');
	await log.run('Write a note about the row');
	const note = log.details.getByRole('textbox', { name: 'Note' });
	await expect(note).toBeFocused();
	await note.fill('Ask the DBA');
	await note.press('Escape');
	await expect(log.row('entry 60').getByRole('img', { name: 'Note: Ask the DBA' })).toBeVisible();
	await log.grid.focus();
	await log.page.keyboard.press('m');
	await expect(log.page.getByText('The mark has a note')).toBeVisible();

	await log.ask('has:note');
	await log.says('1 matched');
	await log.ask('note:dba');
	await log.says('1 matched');
	await log.ask('-has:note');
	await log.says('59 matched');

	const again = new LogPage(await app.restart());
	await again.ask('note:"ask the"');
	await again.says('1 matched');
	await again.row('entry 60').click();
	await again.details.getByRole('textbox', { name: 'Note' }).fill('');
	await again.details.getByRole('textbox', { name: 'Note' }).press('Escape');
	await again.says('0 matched');
});

test('messages of one pattern are found, and counted by it @page', async ({ app }) => {
	const lines = Array.from({ length: 60 }, (_, index) =>
		line({ message: index % 3 === 0 ? `Task ${index} failed` : `Run 4f0efcc6c${index} done` }),
	);
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
	await log.shows('60 stored');
	await log.ask('pattern:"Task <n> failed"');
	await log.says('20 matched');
	await log.query.fill('pattern:run');
	await expect(log.proposals.first()).toContainText('Run <id> done');
	await log.ask('');
	await log.button('Add field…').click();
	await log.page.getByRole('combobox', { name: 'Field' }).fill('pattern');
	await log.page.keyboard.press('Enter');
	const facet = log.page.getByRole('region', { name: 'pattern' });
	await facet.getByRole('button', { name: /Task <n> failed, 20 entries/ }).click();
	await log.says('20 matched');
});

test('what is new came since the table was paused, also after a reload @page', async ({ app }) => {
	const path = writeLog(join(app.folder, 'a.jsonl'), [line({ message: 'before' })]);
	const log = new LogPage(await app.start(path));
	const writer = new LogWriter(path);
	await log.shows('1 stored');
	writer.write(line({ message: 'seen' }));
	await log.showsFirst('seen');
	await log.button('Pause').click();
	writer.write(line({ message: 'news 1' }), line({ message: 'news 2' }));
	await log.says('4 stored');
	await log.ask('is:new');
	await log.button('Resume').click();
	await log.says('2 matched');
	writer.write(line({ message: 'news 3' }));
	await log.says('3 matched');
	await log.page.reload();
	await log.says('3 matched');
	await log.showsFirst('news 3');
	await log.page.getByRole('button', { name: /^Remove filter: since .* 3 new/ }).click();
	await log.says('5 matched');
	writer.end();
});
