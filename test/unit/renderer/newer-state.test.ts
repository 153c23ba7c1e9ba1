import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import { INITIAL_STATE } from '../../../src/renderer/state/initial-state.ts';
import { newerState } from '../../../src/renderer/state/newer-state.ts';

const address = { address: 'unix:/run/a', kind: 'listen', state: 'listening', clients: 0 } as const;

test('what was told while it was asked stays, whenever the answer comes', () => {
	const told = { ...INITIAL_STATE, endpoints: [address] };
	const answer = {
		...INITIAL_STATE,
		storage: { ...INITIAL_STATE.storage, size: 3 },
		endpoints: [],
	};
	const state = newerState(INITIAL_STATE, told, answer);
	expect(state.endpoints).toEqual([address]);
	expect(state.storage.size).toBe(3);
});

test('what was known before gives way to the answer, and so do settings of this window', () => {
	const known = { ...INITIAL_STATE, endpoints: [address] };
	const now = { ...known, settings: { ...DEFAULT_SETTINGS, limit: 200 as const } };
	const answer = { ...INITIAL_STATE, settings: { ...DEFAULT_SETTINGS, limit: 1_000 as const } };
	expect(newerState(known, now, answer)).toEqual(answer);
});
