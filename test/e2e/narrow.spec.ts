import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

test('in a narrow window chips take no line of their own, and all can be reached @page', async ({
	app,
}) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 10)));
	await log.page.setViewportSize({ width: 900, height: 600 });
	await log.shows('10 stored');
	const header = log.page.getByRole('banner');
	const height = async () => (await header.boundingBox())?.height;
	const before = await height();
	await log.row('entry 10').getByText('entry 10').click({ button: 'right' });
	await log.page.getByRole('menuitem', { name: 'Only this value' }).click();
	await log.says('1 matched');
	await log.grid.focus();
	await log.page.keyboard.press('x');
	await expect(log.chip('Repeats collapsed')).toBeAttached();
	expect(await height()).toBe(before);
	await log.chip('Repeats collapsed').click();
	await log.chip('message:"entry 10"').click();
	await log.says('10 matched');
	for (const control of [log.taskId, log.level, log.limit, log.refresh]) {
		await expect(control).toBeInViewport({ ratio: 1 });
	}
});
