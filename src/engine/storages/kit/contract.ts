import type { LogStorage } from '../log-storage.ts';
import { followCases } from './follow-cases.ts';
import { keptCases } from './kept-cases.ts';
import { lifeCases } from './life-cases.ts';
import { pagingCases } from './paging-cases.ts';
import { queryCases } from './query-cases.ts';

/**
 * Opens the storage at a place. `place` is a name like `contract7`: small letters and digits, at
 * most 20, another one for each case. Nothing is there when it is opened first. It may be opened
 * again: after it was closed, and where `abilities.isShared` also while it is open. Whoever runs the
 * cases removes the places afterwards.
 */
export type OpenAtPlace = (place: string) => Promise<LogStorage>;

/**
 * What a storage does not keep as it was. Whatever is not named here has to come back:
 *
 * - `nul`: U+0000 in texts, which may be gone or stand as another sign
 * - `key-order`: the order of the keys of `extra`
 * - `double-keys`: a key that is there twice in an object; the last one is kept
 * - `number-spelling`: how a number in `extra` is written, `1e2` or `100`; never its digits
 * - `not-finite`: `NaN` and `Infinity`, which are no JSON, in `extra`
 */
export type Loss = 'nul' | 'key-order' | 'double-keys' | 'number-spelling' | 'not-finite';

export interface ContractOptions {
	readonly loses?: readonly Loss[];
	/** How many entries it keeps where that is less than 25,000; at least 2,000. */
	readonly capacity?: number;
	/** How long followers may take to be told something, in milliseconds; 10 s without it. */
	readonly patience?: number;
}

/** One thing that every storage has to do. */
export interface ContractCase {
	/** What it demands, as a sentence. */
	readonly name: string;
	/** Rejects with an `AssertionError`, or with whatever the storage threw. */
	run(): Promise<void>;
}

/** What the cases are made of. */
export interface Contract {
	readonly open: OpenAtPlace;
	readonly loses: ReadonlySet<Loss>;
	readonly capacity: number;
	readonly patience: number;
}

/** A case before it is known where it is run. */
export interface CaseOf {
	readonly name: string;
	/** Opens its own place, as often as it likes; what it leaves open is closed for it. */
	run(place: PlaceOfCase, contract: Contract): Promise<void>;
}

/** The place of one case. */
export interface PlaceOfCase {
	open(): Promise<LogStorage>;
}

/**
 * What a storage promises by being one (`LogStorage`), as cases that any test framework can run, one
 * after another or at once. They need nothing but Node.
 */
export function storageContract(
	open: OpenAtPlace,
	options: ContractOptions = {},
): readonly ContractCase[] {
	const contract: Contract = {
		open,
		loses: new Set(options.loses),
		capacity: options.capacity ?? 25_000,
		patience: options.patience ?? 10_000,
	};
	const cases = [...keptCases, ...queryCases, ...pagingCases, ...followCases, ...lifeCases];
	return cases.map(({ name, run }, index) => ({
		name,
		run: () => runAtPlace(`contract${index + 1}`, contract, run),
	}));
}

async function runAtPlace(place: string, contract: Contract, run: CaseOf['run']): Promise<void> {
	const opened: LogStorage[] = [];
	try {
		await run(
			{
				open: async () => {
					const storage = await contract.open(place);
					opened.push(storage);
					return storage;
				},
			},
			contract,
		);
	} finally {
		// To close twice is allowed, see `lifeCases`.
		await Promise.allSettled(opened.map((storage) => storage.close()));
	}
}
