import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { HistogramStrip } from './pages/histogram.ts';
import { LogPage } from './pages/log-page.ts';
import { seriousFindings } from './pages/serious-findings.ts';
import { SidePanel } from './pages/side-panel.ts';

/** 60 entries: every tenth an error, tasks of which some are frequent, a customer in most. */
function entries(): readonly string[] {
	return Array.from({ length: 60 }, (_, index) =>
		line({
			level: index % 10 === 0 ? 'ERROR' : index % 10 === 1 ? 'WARNING' : 'INFO',
			message: `entry ${index}`,
			logger: index % 2 === 0 ? 'asyncz.executors' : 'asyncz.schedulers',
			task_id: index % 4 === 0 ? null : `task ${index % 12}`,
			extra: index < 50 ? { customer: { id: 1_000 + (index % 5) }, attempt: index } : null,
		}),
	);
}

const test = base.extend<{ readonly log: LogPage; readonly panel: SidePanel }>({
	log: async ({ app }, use) => {
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), entries())));
		await log.says('60 matched');
		await use(log);
	},
	panel: async ({ log }, use) => use(new SidePanel(log.page)),
});

const LEVELS = ['ERROR, 6 entries', 'WARNING, 6 entries', 'INFO, 48 entries'];

test('values are listed with how many entries have them', async ({ panel }) => {
	await panel.lists('Level', LEVELS);
	await panel.lists('Logger', ['asyncz.executors, 30 entries', 'asyncz.schedulers, 30 entries']);
	await expect(panel.section('Task')).toContainText(/\(none\)\s*15/);
});

test('a click asks for one value only, and the others stay @page', async ({ log, panel }) => {
	await panel.value('Level', 'ERROR').click();
	await log.says('6 matched');
	await expect.poll(() => panel.chosen('Level')).toEqual(['ERROR']);
	await panel.lists('Level', LEVELS);
	await panel.lists('Logger', ['asyncz.executors, 6 entries']);
	await panel.value('Level', 'WARNING').click();
	await log.says('6 matched');
	await expect.poll(() => panel.chosen('Level')).toEqual(['WARNING']);
	await panel.value('Level', 'WARNING').click();
	await log.says('60 matched');
	await expect.poll(() => panel.chosen('Level')).toEqual([]);
});

test('another value can be asked for as well @page', async ({ log, panel }) => {
	await panel.value('Level', 'ERROR').click();
	await log.says('6 matched');
	await panel.value('Level', 'WARNING').click({ modifiers: ['Shift'] });
	await log.says('12 matched');
	await expect.poll(() => panel.chosen('Level')).toEqual(['ERROR', 'WARNING']);
	await panel.act('Level', 'INFO', 'Include');
	await log.says('60 matched');
	await panel.value('Level', 'INFO').click();
	await log.says('12 matched');
});

test('a value can be left out, and taken back in @page', async ({ log, panel }) => {
	await panel.value('Level', 'INFO').click({ modifiers: ['Alt'] });
	await log.says('12 matched');
	await panel.lists('Level', [...LEVELS.slice(0, 2), 'INFO, 48 entries, excluded']);
	await panel.act('Level', 'ERROR', 'Exclude');
	await log.says('6 matched');
	await panel.act('Level', 'INFO', 'No longer exclude');
	await log.says('54 matched');
	await panel.section('Level').getByRole('button', { name: 'Any Level' }).click();
	await log.says('60 matched');
});

test('what the query says otherwise shows in the facets @page', async ({ log, panel }) => {
	await log.level.selectOption('WARNING and above');
	await log.says('12 matched');
	await expect.poll(() => panel.chosen('Level')).toEqual(['ERROR', 'WARNING']);
	await panel.lists('Level', LEVELS);
});

test('values are searched for, also those that are not listed @page', async ({ log, panel }) => {
	const tasks = panel.section('Task');
	await expect(tasks.getByRole('list').getByRole('listitem')).toHaveCount(6);
	await tasks.getByRole('button', { name: 'More values of Task' }).click();
	await expect(tasks.getByRole('list').getByRole('listitem')).toHaveCount(9);
	await tasks.getByRole('button', { name: 'Fewer values of Task' }).click();
	await tasks.getByRole('button', { name: 'Search in Task' }).click();
	const search = tasks.getByRole('textbox', { name: 'Values of Task that contain' });
	await expect(search).toBeFocused();
	await search.fill('1');
	await panel.lists('Task', ['task 1, 5 entries', 'task 10, 5 entries', 'task 11, 5 entries']);
	await panel.value('Task', 'task 11').click();
	await log.says('5 matched');
	await search.fill('no such');
	await expect(tasks).toContainText('No value contains this.');
	await search.press('Escape');
	await expect(search).toBeHidden();
	await expect.poll(() => panel.chosen('Task')).toEqual(['task 11']);
});

test('any field can be added, and is still there after a restart', async ({ app, log, panel }) => {
	await panel.panel.getByRole('button', { name: 'Add field…' }).click();
	const field = panel.panel.getByRole('combobox', { name: 'Field to add' });
	await field.fill('cust');
	await expect(panel.panel.getByRole('option')).toHaveText(/^customer\.id/);
	await field.press('Enter');
	await panel.lists(
		'customer.id',
		[1_000, 1_001, 1_002, 1_003, 1_004].map((id) => `${id}, 10 entries`),
	);
	await expect(panel.section('customer.id')).toContainText(/\(none\)\s*10/);
	await panel.value('customer.id', '1002').click();
	await log.says('10 matched');
	await log.button('Reset').click();

	const again = new SidePanel(await app.restart());
	await expect(again.section('customer.id')).toBeVisible();
	await again
		.section('customer.id')
		.getByRole('button', { name: /^Remove/ })
		.click();
	await expect(again.section('customer.id')).toBeHidden();
});

test('a field that no row of the result has says so @page', async ({ log, panel }) => {
	await panel.panel.getByRole('button', { name: 'Add field…' }).click();
	await panel.panel.getByRole('combobox', { name: 'Field to add' }).fill('attempt');
	await panel.panel.getByRole('option', { name: /^attempt/ }).click();
	await expect(panel.section('attempt').getByRole('listitem')).toHaveCount(6);
	await log.search.fill('entry 55');
	await expect(panel.section('attempt')).toContainText('No row of this result has this field.');
});

test('the keyboard goes along values and what can be done with them @page', async ({
	log,
	panel,
}) => {
	const { keyboard } = log.page;
	await panel.value('Level', 'ERROR').focus();
	await keyboard.press('ArrowDown');
	await expect(panel.value('Level', 'WARNING')).toBeFocused();
	await keyboard.press('Enter');
	await log.says('6 matched');
	await expect(panel.value('Level', 'WARNING')).toBeFocused();
	await keyboard.press('End');
	await keyboard.press('+');
	await log.says('54 matched');
	await keyboard.press('Home');
	await keyboard.press('-');
	await expect(panel.value('Level', 'ERROR')).toHaveAttribute('aria-label', /excluded$/);
	await keyboard.press('ArrowRight');
	await expect(panel.section('Level').getByRole('button', { name: 'Include ERROR' })).toBeFocused();
});

test('sections and the panel close, and what is closed stays so @page', async ({ log, panel }) => {
	const title = panel.section('Logger').getByRole('button', { name: 'Logger', exact: true });
	await title.click();
	await expect(panel.value('Logger', 'asyncz.executors')).toBeHidden();
	await log.page.reload();
	await log.says('60 matched');
	await expect(title).toHaveAttribute('aria-expanded', 'false');
	await title.click();
	await expect(panel.value('Logger', 'asyncz.executors')).toBeVisible();
	await log.page.keyboard.press('Control+b');
	await expect(panel.panel).toBeHidden();
	await log.page.keyboard.press('Control+b');
	await expect(panel.panel).toBeVisible();
});

test('axe finds nothing serious @page', async ({ log, panel }) => {
	const { page } = log;
	await page.setViewportSize({ width: 900, height: 600 });
	await panel.value('Level', 'ERROR').click();
	await log.says('6 matched');
	await panel.value('Level', 'WARNING').click({ modifiers: ['Alt'] });
	await panel.section('Task').getByRole('button', { name: 'Search in Task' }).click();
	await panel.panel.getByRole('button', { name: 'Add field…' }).click();
	await expect(panel.panel.getByRole('option').first()).toBeVisible();
	const histogram = new HistogramStrip(page);
	await histogram.bars.hover();
	expect(await seriousFindings(page)).toEqual([]);
	await page.setViewportSize({ width: 1_360, height: 860 });
	await histogram.bars.hover();
	await expect(panel.panel.getByRole('option').first()).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);

	await page.keyboard.press('Escape');
	await log.run('Why is this row not here?');
	const dialog = page.getByRole('dialog', { name: 'Why is this row not here?' });
	await dialog.getByRole('textbox').fill('entry 5');
	await dialog.getByRole('button', { name: 'Find it' }).click();
	await dialog.getByRole('list', { name: 'Entries found' }).getByRole('button').first().click();
	await expect(dialog).toContainText('false');
	for (const height of [860, 600]) {
		await page.setViewportSize({ width: 1_360, height });
		expect(await seriousFindings(page)).toEqual([]);
	}
});
