import { beforeEach, describe, expect, test } from 'vitest';
import { Facets, FEW, MANY } from '../../../src/renderer/state/shape/facets.svelte.ts';

let saved: Map<string, string>;
let facets: Facets;

function open(): Facets {
	return new Facets({
		getItem: (key) => saved.get(key) ?? null,
		setItem: (key, value) => saved.set(key, value),
	});
}

const nothing = () => undefined;
const withoutLevel = (field: string) => (field === 'level' ? 'job' : undefined);

beforeEach(() => {
	saved = new Map();
	facets = open();
});

test('are those all logs have, then those the user has added, each once', () => {
	const sections = facets.sections(['user.id', 'level', 'queue'], true);
	expect(sections.map(({ field, isPinned }) => [field, isPinned])).toEqual([
		['level', false],
		['task_id', false],
		['logger', false],
		['source', false],
		['user.id', true],
		['queue', true],
	]);
});

describe('what is asked for', () => {
	test('is the few most frequent values of those that are open', () => {
		facets.toggle('logger');
		facets.toggle('source');
		expect(facets.wishes(facets.sections([], true), nothing)).toEqual([
			{ field: 'level', limit: FEW },
			{ field: 'task_id', limit: FEW },
		]);
	});

	test('is more of them where the user wants more', () => {
		facets.toggleMore('level');
		const [level, task] = facets.wishes(facets.sections([], true), nothing);
		expect([level?.limit, task?.limit]).toEqual([MANY, FEW]);
	});

	test('does without what the query says of the field, so that its other values stay', () => {
		const [level, task] = facets.wishes(facets.sections([], true), withoutLevel);
		expect([level?.query, task?.query]).toEqual(['job', undefined]);
		expect(level?.limit).toBeGreaterThan(MANY);
	});

	test('is what contains the text that is looked for', () => {
		facets.setSearch('task_id', ' nightly ');
		expect(facets.wishes(facets.sections([], true), nothing)[1]).toMatchObject({
			search: 'nightly',
		});
		facets.setSearch('task_id', '  ');
		expect(facets.wishes(facets.sections([], true), nothing)[1]).not.toHaveProperty('search');
		facets.setSearch('task_id', undefined);
		expect(facets.search('task_id')).toBeUndefined();
	});
});

test('what is closed stays so over a reload', () => {
	facets.toggle('logger');
	facets = open();
	expect([facets.isOpen('logger'), facets.isOpen('level')]).toEqual([false, true]);
	facets.toggle('logger');
	expect(open().isOpen('logger')).toBe(true);
});

test('what was kept and cannot be read counts as nothing', () => {
	saved.set('asyncz-companion.facets', '{"x":');
	expect(open().isOpen('level')).toBe(true);
});
