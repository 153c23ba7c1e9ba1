import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storageContract } from '#engine/storages/kit/contract.ts';
import type { LogStorage, NewEntry } from '#engine/storages/log-storage.ts';
import { temporaryFolder } from '../../../../support/temp-folder-of-test.ts';
import { describeContract, inFolders } from '../../../../support/storage-contract.ts';

interface ExampleModule {
	openStorage(options: { readonly place?: string }): Promise<LogStorage>;
}

const example = (await import(
	new URL('../../../../../resources/examples/plain-storage.mjs', import.meta.url).href
)) as ExampleModule;

describeContract(
	'The example of the guide',
	inFolders((place) => example.openStorage({ place })),
);

/** What a storage may do wrong, one thing at a time, and a part of the name of a case that says so. */
const MISTAKES: readonly (readonly [string, (right: LogStorage) => Partial<LogStorage>, RegExp])[] =
	[
		[
			'forgets the last entry of a batch',
			(right) => ({
				append: (entries) =>
					entries.length === 1 ? right.append(entries) : right.append(entries.slice(0, -1)),
			}),
			/can be queried at once/,
		],
		[
			'changes numbers',
			changing(({ extra, ...entry }) =>
				extra === undefined || extra.includes('N')
					? { ...entry, ...(extra && { extra }) }
					: { ...entry, extra: JSON.stringify(JSON.parse(extra)) },
			),
			/Every text, number/,
		],
		[
			'trims',
			changing((entry) => ({ ...entry, message: entry.message.trim() })),
			/Every text, number/,
		],
		[
			'keeps milliseconds',
			changing((entry) => ({ ...entry, ts: Math.floor(entry.ts / 1_000) * 1_000 })),
			/Every text, number/,
		],
		[
			'cuts long messages',
			changing((entry) => ({ ...entry, message: entry.message.slice(0, 65_536) })),
			/a megabyte/,
		],
		[
			'ignores the filter',
			(right) => ({ query: (query) => right.query({ ...query, matches: () => true }) }),
			/Every field of a filter/,
		],
		[
			'does not know the query language',
			(right) => ({
				query: (query) =>
					right.query({
						...query,
						matches: query.filter.query === undefined ? query.matches : () => true,
					}),
			}),
			/Every text of the query language/,
		],
		[
			'goes on one too far behind a page',
			(right) => ({
				query: async (query) => {
					const page = await right.query(query);
					return query.before === undefined
						? page
						: { ...page, entries: page.entries.slice(page.isEnd ? 1 : 0) };
				},
			}),
			/Pages of any size/,
		],
		[
			'never says that it is the end',
			(right) => ({ query: async (query) => ({ ...(await right.query(query)), isEnd: false }) }),
			/there is nothing/,
		],
		[
			'knows no order of time',
			(right) => ({ query: (query) => right.query({ ...query, order: 'arrival' }) }),
			/By time/,
		],
		[
			'tells followers twice',
			(right) => ({
				follow: (follower) =>
					right.follow({
						...follower,
						onEntries: (entries) => follower.onEntries([...entries, ...entries]),
					}),
			}),
			/is told each entry/,
		],
		[
			'tells followers who have left',
			(right) => ({
				follow: async (follower) => {
					await right.follow(follower);
					return async () => {};
				},
			}),
			/is told nothing more/,
		],
		[
			'counts wrongly',
			(right) => ({ stats: async () => ({ size: (await right.stats()).size * 2 }) }),
			/size is exact/,
		],
		[
			'promises once and stores twice',
			(right) => ({ abilities: { ...right.abilities, delivery: 'once' } }),
			/offered again/,
		],
		[
			'promises to be shared and is not',
			(right) => ({ abilities: { ...right.abilities, isShared: true } }),
			/What others append/,
		],
		[
			'works after it was closed',
			(right) => ({ close: async () => {}, query: (query) => right.query(query) }),
			/that was closed refuses/,
		],
		[
			'has one id for all',
			(right) => ({
				query: async (query) => {
					const page = await right.query(query);
					return { ...page, entries: page.entries.map((entry) => ({ ...entry, id: '1' })) };
				},
			}),
			/an id of its own/,
		],
	];

test.each(MISTAKES)('a storage that %s fails its case', async (_, mistake, demand) => {
	const where = temporaryFolder();
	const cases = storageContract(
		async (place) => {
			const right = await example.openStorage({ place: join(where, place) });
			return withMistake(right, mistake(right));
		},
		{ patience: 300 },
	);
	const [wanted, ...others] = cases.filter(({ name }) => demand.test(name));
	expect(others).toEqual([]);
	const failure = await wanted?.run().then(
		() => undefined,
		(error: unknown) => error,
	);
	expect(failure).toMatchObject({ name: 'AssertionError' });
});

function withMistake(right: LogStorage, mistake: Partial<LogStorage>): LogStorage {
	return {
		abilities: right.abilities,
		append: (entries) => right.append(entries),
		query: (query) => right.query(query),
		stats: () => right.stats(),
		follow: (follower) => right.follow(follower),
		close: () => right.close(),
		...mistake,
	};
}

function changing(
	change: (entry: NewEntry) => NewEntry,
): (right: LogStorage) => Partial<LogStorage> {
	return (right) => ({ append: (entries) => right.append(entries.map(change)) });
}
