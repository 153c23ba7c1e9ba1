import { expect, test } from 'vitest';
import { sourceNames } from '#engine/source-names.ts';

function namesOf(...paths: readonly string[]): readonly string[] {
	const sources = paths.map((path, id) => ({ id, name: path.split('/').at(-1) ?? '', path }));
	return [...sourceNames(sources).values()];
}

test('sources of different names keep them', () => {
	expect(namesOf('/var/a.jsonl', '/var/b.jsonl')).toEqual(['a.jsonl', 'b.jsonl']);
});

test('of one name, the first keeps it and others are told by their folders', () => {
	expect(namesOf('/srv/one/app.jsonl', '/srv/two/app.jsonl', '/old/two/App.jsonl')).toEqual([
		'app.jsonl',
		'two/app.jsonl',
		'old/two/App.jsonl',
	]);
	expect(namesOf('/app.jsonl', '/x/app.jsonl', '/y/x/app.jsonl')).toEqual([
		'app.jsonl',
		'x/app.jsonl',
		'y/x/app.jsonl',
	]);
});

test('what has no folders to be told by has its number', () => {
	const names = sourceNames([
		{ id: 3, name: 'Scheduler', path: '/feeds/1' },
		{ id: 7, name: 'Scheduler', path: '/feeds/2' },
	]);
	expect([...names.values()]).toEqual(['Scheduler', 'Scheduler 7']);
});
