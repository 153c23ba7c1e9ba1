import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import { DEFAULT_COLUMNS } from '#shared/model/view.ts';
import { QueryState } from '../../../src/renderer/state/query/query-state.svelte.ts';
import { SavedViews } from '../../../src/renderer/state/query/saved-views.svelte.ts';
import type { ViewKeeper } from '../../../src/renderer/state/query/saved-views.svelte.ts';
import { ViewInTest } from './support/view-in-test.ts';

/** What a workspace has to do with views. */
class Keeper implements ViewKeeper {
	settings: Settings = DEFAULT_SETTINGS;
	readonly t = new ViewInTest();
	readonly view = this.t.view;
	readonly query = new QueryState(
		this.view,
		this.t.clock,
		{ getItem: () => null, setItem: () => {} },
		() => ({ zone: 'UTC', marked: [], notes: [], seenTo: undefined }),
	);
	readonly said: string[] = [];
	readonly notices = { remark: (text: string) => void this.said.push(text) };
	steps = 0;
	readonly history = {
		together: (change: () => void) => {
			change();
			this.steps++;
		},
	};

	changeSettings(change: SettingsChange): void {
		this.settings = { ...this.settings, ...change } as Settings;
	}
}

let keeper: Keeper;
let views: SavedViews;

beforeEach(() => {
	keeper = new Keeper();
	views = new SavedViews(keeper);
});

/** Saves a view for each of these queries, named as they are. */
function save(...queries: readonly string[]): void {
	for (const query of queries) {
		keeper.query.set(query);
		views.save(query);
	}
}

function names(): readonly string[] {
	return views.list.map(({ name }) => name);
}

describe('a saved view', () => {
	test('brings back the query, the range, the columns, the refresh and the order', () => {
		keeper.query.change({ text: 'level:ERROR', range: { kind: 'last', minutes: 60 } });
		keeper.changeSettings({ columns: ['time', 'message'], order: 'time', refresh: '1s' });
		keeper.view.setRefresh('1s');
		views.save('Failures');
		views.openDefault();
		expect([keeper.query.text, keeper.view.refresh, keeper.settings.columns]).toEqual([
			'',
			'live',
			[...DEFAULT_COLUMNS],
		]);
		views.open(0);
		expect([
			keeper.query.text,
			keeper.query.range,
			keeper.view.refresh,
			keeper.settings.columns,
			keeper.settings.order,
			keeper.settings.refresh,
		]).toEqual([
			'level:ERROR',
			{ kind: 'last', minutes: 60 },
			'1s',
			['time', 'message'],
			'time',
			'1s',
		]);
	});

	test('is opened in one step', () => {
		save('a', 'b');
		views.open(0);
		expect(keeper.steps).toBe(1);
	});

	test('that is paused does not have the app start paused', () => {
		keeper.view.setRefresh('paused');
		save('a');
		keeper.view.setRefresh('live');
		views.open(0);
		expect([keeper.view.refresh, keeper.settings.refresh]).toEqual(['paused', 'live']);
	});

	test('is the active one until another is opened, and says when it was changed', () => {
		save('a', 'b');
		views.open(0);
		expect([views.active?.name, views.isChanged]).toEqual(['a', false]);
		keeper.query.set('c');
		expect([views.active?.name, views.isChanged]).toEqual(['a', true]);
		keeper.query.set('a');
		expect(views.isChanged).toBe(false);
		views.openDefault();
		expect(views.active).toBeUndefined();
	});

	test('is known again by what it shows', () => {
		save('a', 'b');
		const other = new SavedViews(keeper);
		expect(other.active?.name).toBe('b');
		keeper.query.set('c');
		expect(other.active).toBeUndefined();
	});
});

describe('the list of views', () => {
	test('says which key a view has, and that there is none on another', () => {
		save('a');
		views.open(4);
		expect(keeper.said).toEqual(['Saved the view. Its key is 1.', 'No view is saved on 5.']);
	});

	test('has one view of a name: the last one saved or renamed', () => {
		save('a', 'b');
		keeper.query.set('new');
		views.save(' a ');
		expect([names(), views.list[0]?.query]).toEqual([['a', 'b'], 'new']);
		views.rename(1, 'a');
		expect([names(), views.list[0]?.query]).toEqual([['a'], 'b']);
	});

	test('is put into another order, and views leave it', () => {
		save('a', 'b', 'c');
		views.move(2, 0);
		expect(names()).toEqual(['c', 'a', 'b']);
		views.move(0, 1);
		views.move(0, -1);
		views.move(2, 3);
		expect(names()).toEqual(['a', 'c', 'b']);
		views.remove(1);
		expect(names()).toEqual(['a', 'b']);
	});

	test('ends at 100 views, and says so', () => {
		save(...Array.from({ length: 101 }, (_, index) => `view ${index}`));
		expect([views.list.length, keeper.said.at(-1)]).toEqual([
			100,
			'There are 100 views already. Delete one first.',
		]);
	});
});
