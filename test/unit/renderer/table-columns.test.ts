import { beforeEach, describe, expect, test } from 'vitest';
import { TableColumns } from '../../../src/renderer/state/table/table-columns.svelte.ts';
import { DEFAULT_COLUMNS } from '#shared/model/view.ts';
import { HostInTest } from './support/column-host.ts';

let host: HostInTest;
let columns: TableColumns;

beforeEach(() => {
	host = new HostInTest();
	columns = new TableColumns(host);
});

function ids(): readonly string[] {
	return columns.list.map(({ id }) => id);
}

describe('the columns', () => {
	test('are those every entry has at first, the source only where there are several', () => {
		expect(ids()).toEqual(['time', 'level', 'task', 'logger', 'message']);
		host.engine.sources.push('another');
		columns = new TableColumns(host);
		expect(ids()).toEqual(['time', 'level', 'task', 'logger', 'source', 'message']);
	});

	test('may be any field, which stands before the message', () => {
		columns.show('user.id');
		expect(ids()).toEqual(['time', 'level', 'task', 'logger', 'user.id', 'message']);
		expect(columns.list.map(({ title }) => title).slice(4)).toEqual(['user.id', 'Message']);
	});

	test('have the run where an entry names one, or the user wants it, beside the task', () => {
		expect([columns.awaitsRuns, columns.fields]).toEqual([true, ['run_id']]);
		columns.foundRun();
		const withRun = ['time', 'level', 'task', 'run_id', 'logger', 'message'];
		expect([columns.awaitsRuns, ids()]).toEqual([false, withRun]);
		expect(columns.list[3]?.title).toBe('Run');
		columns = new TableColumns(host);
		columns.hide('run_id');
		expect([columns.awaitsRuns, columns.fields]).toEqual([false, []]);
		columns.show('run_id');
		expect(ids()).toEqual(withRun);
	});

	test('that every entry has come back to where they stand at first', () => {
		columns.hide('level');
		columns.hide('time');
		columns.show('level');
		columns.show('delta');
		columns.show('time');
		expect(ids()).toEqual(['time', 'delta', 'level', 'task', 'logger', 'message']);
	});

	test('are never none at all', () => {
		for (const id of DEFAULT_COLUMNS) {
			columns.hide(id);
		}
		expect(ids()).toEqual(['message']);
	});

	test('move by one place among those that are shown', () => {
		expect(columns.move('message', -1)).toBe(true);
		expect(ids()).toEqual(['time', 'level', 'task', 'message', 'logger']);
		expect(columns.move('time', 1)).toBe(true);
		expect(ids()).toEqual(['level', 'time', 'task', 'message', 'logger']);
		expect([columns.move('level', -1), columns.move('logger', 1)]).toEqual([false, false]);
		expect(ids()).toEqual(['level', 'time', 'task', 'message', 'logger']);
	});

	test('are put before another one, or at the end', () => {
		columns.place('message', 'time');
		columns.place('level', undefined);
		columns.place('task', 'task');
		expect(ids()).toEqual(['message', 'time', 'task', 'logger', 'level']);
	});

	test('are said once, whatever the settings say', () => {
		host.changeSettings({ columns: ['message', 'x', 'message', 'x'] });
		expect(ids()).toEqual(['message', 'x']);
	});

	test('have an end', () => {
		host.changeSettings({ columns: Array.from({ length: 50 }, (_, index) => `field${index}`) });
		expect([columns.show('one_more'), columns.has('one_more')]).toEqual([false, false]);
		expect(columns.show('field7')).toBe(true);
	});

	test('are as at first once they are reset', () => {
		columns.show('run_id');
		columns.widths.resize('run_id', 300);
		columns.reset();
		expect(host.settings).toMatchObject({ columns: [...DEFAULT_COLUMNS], column_widths: {} });
	});
});

describe('the widths', () => {
	test('leave what is left to the message, wherever it stands', () => {
		columns.place('message', 'task');
		columns.widths.tableWidth = 1_000;
		expect(columns.widths.template).toBe('112px 80px minmax(140px, 1fr) 130px 180px');
		expect(columns.widths.placeOf('message')).toEqual({ start: 195, end: 690 });
		expect(columns.widths.placeOf('logger')).toEqual({ start: 820, end: 1_000 });
	});

	test('leave it to the last column where there is no message', () => {
		columns.hide('message');
		columns.widths.tableWidth = 1_000;
		expect(columns.widths.template).toBe('112px 80px 130px minmax(140px, 1fr)');
	});

	test('give way in a narrow table, but for those that were chosen', () => {
		columns.widths.tableWidth = 500;
		expect(columns.widths.template).toBe('112px 80px 72px 72px minmax(140px, 1fr)');
		columns.widths.resize('logger', 180);
		expect(columns.widths.of('logger')).toBe(180);
		columns.widths.resize('logger', undefined);
		columns.widths.tableWidth = 470;
		expect(columns.widths.template).toBe('112px 80px 72px 0px minmax(140px, 1fr)');
	});

	test('of times depend on what they show', () => {
		columns.widths.isDated = () => true;
		const widths = ([0, 3, 6] as const).map((precision) => {
			host.changeSettings({ precision });
			return columns.widths.of('time');
		});
		expect(widths).toEqual([160, 190, 214]);
	});

	test('that are dragged are kept at the end, within bounds', () => {
		columns.widths.drag('task', 5);
		expect([columns.widths.of('task'), host.settings.column_widths]).toEqual([40, {}]);
		columns.widths.resize('task', 55.4);
		expect(host.settings.column_widths).toEqual({ task: 55 });
		columns.widths.reset();
		expect(columns.widths.of('task')).toBe(130);
	});
});
