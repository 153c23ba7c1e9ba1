import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { formatAddress, parseAddress } from '#shared/model/feed-address.ts';
import type { EndpointKind } from '#shared/model/feed-address.ts';

describe('parseAddress', () => {
	test.each([
		['unix:/run/x.sock', 'unix:/run/x.sock'],
		['unix:', 'unix:'],
		['unix:/tmp/a:b.sock', 'unix:/tmp/a:b.sock'],
		[`unix:/${'ü'.repeat(49)}x`, `unix:/${'ü'.repeat(49)}x`],
		['tcp:9020', 'tcp:127.0.0.1:9020'],
		['tcp:127.0.0.1:9020', 'tcp:127.0.0.1:9020'],
		['tcp:127.1.2.3:1', 'tcp:127.1.2.3:1'],
		['tcp:LOCALHOST:65535', 'tcp:127.0.0.1:65535'],
		['tcp:[::1]:9020', 'tcp:[::1]:9020'],
		['pipe:asyncz feed', 'pipe:asyncz feed'],
	])('reads %s', (text, written) => {
		for (const kind of ['listen', 'connect'] as const) {
			const address = parseAddress(text, kind);
			expect(formatAddress(address)).toBe(written);
			expect(parseAddress(written, kind)).toEqual(address);
		}
	});

	test('takes port 0 for listening only', () => {
		expect(parseAddress('tcp:0', 'listen')).toEqual({ type: 'tcp', host: '127.0.0.1', port: 0 });
		expect(sentenceOf('tcp:0', 'connect')).toBe(
			'tcp:0: expected a port from 1 to 65535, for example tcp:127.0.0.1:9020.',
		);
	});

	test.each([
		['', 'An address: expected tcp:PORT, unix:/PATH or pipe:NAME.'],
		['9020', '9020: expected tcp:PORT, unix:/PATH or pipe:NAME.'],
		['http://127.0.0.1', 'http://127.0.0.1: expected tcp:PORT, unix:/PATH or pipe:NAME.'],
		[
			'unix:x.sock',
			'unix:x.sock: expected the whole path of a socket, for example unix:/run/user/1000/x.sock.',
		],
		[
			`unix:/${'ü'.repeat(50)}`,
			`unix:/${'ü'.repeat(50)}: the path of a socket may have 100 bytes. Choose a shorter one.`,
		],
		['tcp:', 'tcp:: expected a port from 0 to 65535, for example tcp:9020.'],
		['tcp:70000', 'tcp:70000: expected a port from 0 to 65535, for example tcp:9020.'],
		['tcp:-1', 'tcp:-1: expected a port from 0 to 65535, for example tcp:9020.'],
		['tcp:::1:9020', 'tcp:::1:9020: expected a port from 0 to 65535, for example tcp:9020.'],
		[
			'tcp:0.0.0.0:9020',
			'tcp:0.0.0.0:9020: 0.0.0.0 is not this machine. Feeds stay on it: 127.0.0.1, localhost or [::1].',
		],
		[
			'tcp:127.0.0.999:9020',
			'tcp:127.0.0.999:9020: 127.0.0.999 is not this machine. Feeds stay on it: 127.0.0.1, localhost or [::1].',
		],
		[
			'tcp:example.org:80',
			'tcp:example.org:80: example.org is not this machine. Feeds stay on it: 127.0.0.1, localhost or [::1].',
		],
		[
			'tcp::80',
			'tcp::80: the host is not this machine. Feeds stay on it: 127.0.0.1, localhost or [::1].',
		],
		['pipe:a\\b', 'pipe:a\\b: expected a name without slashes, for example pipe:asyncz-feed.'],
	])('says what is wrong with %j', (text, sentence) => {
		expect(sentenceOf(text, 'listen')).toBe(sentence);
	});
});

function sentenceOf(text: string, kind: EndpointKind): string {
	try {
		return formatAddress(parseAddress(text, kind));
	} catch (error) {
		return error instanceof AppError && error.code === 'invalid-options' ? error.message : '';
	}
}
