import type { EndpointStatus, FeedStatus } from '#shared/model/feed.ts';
import { dayOf, formatTime } from '#shared/format/format-time.ts';
import type { TimeZone } from '#shared/model/settings.ts';
import { formatCountOf } from './format-number.ts';

/** A class of `.state-dot`. */
export type StateDot = 'following' | 'indexing' | 'missing' | 'failed' | 'idle';

/** How an address is doing, as a colour; `undefined` stands for one of which nothing is known yet. */
export function endpointDot(status: EndpointStatus | undefined): StateDot {
	switch (status?.state) {
		case 'listening':
		case 'connected':
			return 'following';
		case 'retrying':
			return 'missing';
		case 'failed':
			return 'failed';
		case undefined:
			return 'idle';
	}
}

/** How an address is doing, in a sentence or two. */
export function endpointText(status: EndpointStatus | undefined): string {
	switch (status?.state) {
		case 'listening': {
			const clients =
				status.clients === 0
					? 'Nobody is connected.'
					: `${formatCountOf(status.clients, 'client is', 'clients are')} connected.`;
			return ['Listening.', clients, ...messageOf(status)].join(' ');
		}
		case 'connected':
			return ['Connected.', ...messageOf(status)].join(' ');
		case 'retrying':
			return messageOf(status)[0] ?? 'Connecting.';
		case 'failed':
			return messageOf(status)[0] ?? 'It can’t be opened.';
		case undefined:
			return 'Being opened.';
	}
}

/** How a feed is doing, in a sentence or two; its times are those of a zone, and of today. */
export function feedText(feed: FeedStatus | undefined, zone: TimeZone): string {
	if (feed === undefined) {
		return 'Not connected since the app was started.';
	}
	const today = dayOf(Date.now() * 1_000, zone);
	const since = formatTime(feed.since * 1_000, zone, today, 0);
	const state = feed.state === 'connected' ? 'Connected' : 'Disconnected';
	const sentences = [`${state} since ${since}.`, ...messageOf(feed)];
	return sentences.join(' ');
}

/** How records of a feed come, for people. */
export const PROTOCOLS: Readonly<Record<FeedStatus['protocol'], string>> = {
	lines: 'lines, one record each',
	acked: 'numbered lines: what is lost on the way is sent again',
	'socket-handler': 'Python’s SocketHandler',
	datagram: 'Python’s DatagramHandler',
};

/** What is told, with a full stop. */
function messageOf({ message }: { readonly message?: string }): readonly string[] {
	return message === undefined ? [] : [/[.!?]$/.test(message) ? message : `${message}.`];
}
