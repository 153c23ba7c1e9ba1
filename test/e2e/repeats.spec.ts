import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, LogWriter, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { SidePanel } from './pages/side-panel.ts';

test('x collapses repeats over the whole log, counts them, and shows them again', async ({
	app,
}) => {
	const lines = [
		...Array.from({ length: 400 }, (_, index) => line({ message: `retry ${index} of 'db'` })),
		line({ message: 'connected', level: 'WARNING' }),
		...Array.from({ length: 20 }, (_, index) => line({ message: `beat ${index}` })),
	];
	const path = writeLog(join(app.folder, 'a.jsonl'), lines);
	const log = new LogPage(await app.start(path));
	await log.shows('421 matched');
	await log.grid.focus();
	await log.page.keyboard.press('x');
	await log.says('3 matched', '421 stored');
	await expect(log.rowAt(1)).toContainText('×20+');
	await expect(log.rowAt(1)).toContainText('beat 0');
	await expect(log.rowAt(3)).toContainText('×400');
	await expect(log.rowAt(3)).toContainText("retry 0 of 'db'");
	await expect(log.grid).toHaveAttribute('aria-rowcount', '4');
	await new SidePanel(log.page).lists('Level', ['WARNING, 1 entry', 'INFO, 2 entries']);

	// What comes repeats as well, or does not.
	const writer = new LogWriter(path);
	writer.write(line({ message: 'beat 20' }), line({ message: 'stopped' }));
	await log.says('4 matched', '423 stored');
	await log.showsFirst('stopped');

	await log.grid.focus();
	await log.page.keyboard.press('x');
	await log.says('423 matched');
	await log.page.keyboard.press('Control+z');
	await log.says('4 matched');
	await log.chip('Repeats collapsed').click();
	await log.says('423 matched');
	writer.end();
});
