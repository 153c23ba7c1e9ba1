import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EndpointStatus, FeedStatus } from '#shared/model/feed.ts';
import { EMPTY_LEDGER } from '#shared/model/source.ts';
import type { SourceStatus } from '#shared/model/source.ts';
import { endpointDot, endpointText, feedText } from '../../../src/renderer/lib/feed-text.ts';
import {
	sourceDot,
	sourceStateText,
	sourceTrouble,
} from '../../../src/renderer/lib/source-text.ts';

const ENDPOINT: EndpointStatus = {
	address: 'tcp:127.0.0.1:9020',
	kind: 'listen',
	state: 'listening',
	clients: 0,
};

const FEED: FeedStatus = {
	folder: '/data/feeds/1',
	name: 'worker-1',
	kind: 'listen',
	protocol: 'acked',
	state: 'connected',
	since: Date.UTC(2026, 10, 26, 17, 3, 22),
	peer: 'unix socket',
	records: 7,
	refused: 0,
	dropped: 0,
};

function feedSource(feed: FeedStatus | undefined, rest: Partial<SourceStatus> = {}): SourceStatus {
	const { folder, name } = FEED;
	return {
		id: 1,
		type: 'feed',
		name,
		path: folder,
		state: 'following',
		ledger: EMPTY_LEDGER,
		files: 1,
		rate: 0,
		...(feed === undefined ? {} : { feed }),
		...rest,
	};
}

afterEach(() => {
	vi.useRealTimers();
});

test.each([
	[ENDPOINT, 'following', 'Listening. Nobody is connected.'],
	[{ ...ENDPOINT, clients: 1 }, 'following', 'Listening. 1 client is connected.'],
	[
		{ ...ENDPOINT, clients: 2, message: 'An HTTP request was refused.' },
		'following',
		'Listening. 2 clients are connected. An HTTP request was refused.',
	],
	[{ ...ENDPOINT, state: 'failed', message: 'The port is taken' }, 'failed', 'The port is taken.'],
	[
		{ ...ENDPOINT, kind: 'connect', state: 'retrying', message: 'Retrying in 4 s: no such socket' },
		'missing',
		'Retrying in 4 s: no such socket.',
	],
	[{ ...ENDPOINT, kind: 'connect', state: 'connected', clients: 1 }, 'following', 'Connected.'],
	[undefined, 'idle', 'Being opened.'],
] as const)('an address %o is %s: %s', (status, dot, text) => {
	expect([endpointDot(status), endpointText(status)]).toEqual([dot, text]);
});

describe('a source that is a feed', () => {
	test.each([
		[FEED, 'following', 'following', undefined],
		[{ ...FEED, state: 'disconnected' }, 'idle', 'disconnected', undefined],
		[{ ...FEED, message: 'The disk is full.' }, 'following', 'following', 'The disk is full.'],
		[
			{ ...FEED, kind: 'connect', state: 'retrying', message: 'Retrying in 4 s: refused' },
			'missing',
			'retrying',
			'Retrying in 4 s: refused',
		],
		[undefined, 'idle', 'not connected', undefined],
	] as const)('is told by its sender: %o', (feed, dot, text, trouble) => {
		const source = feedSource(feed);
		expect([sourceDot(source), sourceStateText(source)]).toEqual([dot, text]);
		expect(sourceTrouble(source)).toBe(trouble);
	});

	test('is told by its journal where that can’t be read', () => {
		const message = 'The journal is gone.';
		const source = feedSource({ ...FEED, state: 'disconnected' }, { state: 'failed', message });
		expect([sourceDot(source), sourceStateText(source)]).toEqual(['failed', 'failed']);
		expect(sourceTrouble(source)).toBe(message);
	});

	test('says in a sentence whether somebody sends', () => {
		vi.useFakeTimers({ now: FEED.since + 60_000 });
		expect(feedText(FEED, 'utc')).toBe('Connected since 17:03:22.');
		const reset = { ...FEED, state: 'disconnected', message: 'It was reset' } as const;
		expect(feedText(reset, 'utc')).toBe('Disconnected since 17:03:22. It was reset.');
		vi.setSystemTime(FEED.since + 24 * 3_600_000);
		const retrying = { ...FEED, state: 'retrying', message: 'Retrying in 4 s: refused' } as const;
		expect(feedText(retrying, 'utc')).toBe(
			'Disconnected since 2026-11-26 17:03:22. Retrying in 4 s: refused.',
		);
		expect(feedText(undefined, 'utc')).toBe('Not connected since the app was started.');
	});
});
