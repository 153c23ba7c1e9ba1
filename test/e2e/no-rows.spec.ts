import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

function entries(): readonly string[] {
	return Array.from({ length: 50 }, (_, index) =>
		line({
			ts: `2026-11-22T10:${String(index).padStart(2, '0')}:00Z`,
			level: index % 5 === 0 ? 'ERROR' : 'INFO',
			message: `entry ${index}`,
			task_id: index % 2 === 0 ? 'even' : 'odd',
			extra: { attempt: index },
		}),
	);
}

const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), entries())));
		await log.says('50 matched');
		await use(log);
	},
});

test('no row: the conditions are named, the one to blame first', async ({ log }) => {
	await log.ask('task_id:odd attempt:<10 level:FATAL');
	await expect(log.page.getByRole('heading', { name: 'No entry matches' })).toBeVisible();
	const clauses = log.page
		.getByRole('list', { name: 'Conditions to remove' })
		.getByRole('listitem');
	await expect(clauses).toHaveText([
		/without Level FATAL: 5 entries/,
		/without Task ID odd: 0 entries/,
		/without attempt:<10: 0 entries/,
	]);
	await clauses.first().getByRole('button', { name: 'Remove Level' }).click();
	await log.says('5 matched');
	await expect(log.query).toHaveValue('task_id:odd attempt:<10');
});

test('no row: a pasted page as a condition leaves all in view @page', async ({ log }) => {
	const pasted = 'word'.repeat(1_000);
	await log.ask(`${pasted} -has:${pasted}`);
	await expect(log.page.getByRole('heading', { name: 'No entry matches' })).toBeInViewport();
	const clauses = log.page
		.getByRole('list', { name: 'Conditions to remove' })
		.getByRole('listitem');
	await expect(clauses).toHaveCount(2);
	for (const clause of await clauses.all()) {
		await expect(clause).toBeInViewport({ ratio: 1 });
		await expect(clause.getByText(/^without .*…: \d+ entries$/)).toBeInViewport({ ratio: 1 });
		await expect(clause.getByRole('button')).toBeInViewport({ ratio: 1 });
	}
});

test('why a row is not here: each condition, true or false @page', async ({ log }) => {
	await log.ask('level:ERROR attempt:<10 (task_id:odd OR task_id:none)');
	await log.says('1 matched');
	await log.run('Why is this row not here?');
	const dialog = log.page.getByRole('dialog', { name: 'Why is this row not here?' });
	await dialog.getByRole('textbox').fill('entry 20');
	await dialog.getByRole('button', { name: 'Find it' }).click();
	await expect(dialog).toContainText('2 conditions are false');
	const conditions = dialog.getByRole('group', { name: 'Conditions' }).getByRole('listitem');
	await expect(conditions.filter({ hasText: 'level:ERROR' })).toContainText('true');
	await expect(conditions.filter({ hasText: 'attempt:<10' })).toContainText('false');
	await dialog.getByRole('button', { name: 'Remove attempt:<10' }).click();
	await expect(dialog).toContainText('a condition is false');
	await dialog.getByRole('button', { name: /^Remove \(task_id/ }).click();
	await expect(dialog).toContainText('It is here: row');
	await dialog.getByRole('button', { name: 'Go to it' }).click();
	await expect(log.row('entry 20')).toHaveAttribute('aria-selected', 'true');
});

test('a whole line is pasted, and it is that entry which is meant @page', async ({ log }) => {
	await log.ask('level:INFO');
	await log.says('40 matched');
	await log.run('Why is this row not here?');
	const dialog = log.page.getByRole('dialog', { name: 'Why is this row not here?' });
	await dialog.getByRole('textbox').fill(entries()[5] ?? '');
	await dialog.getByRole('textbox').press('Enter');
	await expect(dialog).toContainText('a condition is false');
	await expect(dialog).toContainText('entry 5');
	await dialog.getByRole('button', { name: 'Ask about another one' }).click();
	await dialog.getByRole('textbox').fill('not in any line');
	await dialog.getByRole('button', { name: 'Find it' }).click();
	await expect(dialog.getByRole('alert')).toHaveText('No stored entry contains this text.');
});
