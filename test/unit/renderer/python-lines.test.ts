import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
	installCommand,
	sendingLines,
	servingLines,
} from '../../../src/renderer/lib/python-lines.ts';
import { root } from '../../support/hosts/test-host.ts';

const FIXED = 'unix:/run/user/1000/asyncz-companion/feed.sock';

describe('the lines for a scheduler that sends', () => {
	test('name no address where the package finds it by itself', () => {
		expect(sendingLines(FIXED, 'package', FIXED)).toBe(
			'from asyncz_companion import install_companion\n\ninstall_companion(scheduler)',
		);
	});

	test.each(['README.md', 'resources/python/README.md'])('are those of %s', (name) => {
		const page = readFileSync(join(root, name), 'utf8');
		const [, lines] = /```python\n([^]*?)\n```/.exec(page) ?? [];
		expect(lines).toBe(sendingLines(FIXED, 'package', FIXED));
	});

	test.each([
		['tcp:127.0.0.1:9020', 'install_companion(scheduler, "tcp:127.0.0.1:9020")'],
		['unix:/tmp/a "b".sock', String.raw`install_companion(scheduler, "unix:/tmp/a \"b\".sock")`],
	])('name %s', (address, line) => {
		expect(sendingLines(address, 'package', FIXED)).toContain(line);
	});

	test.each([
		['tcp:127.0.0.1:9020', 'SocketHandler("127.0.0.1", 9020)'],
		['tcp:[::1]:9020', 'SocketHandler("::1", 9020)'],
		[FIXED, 'SocketHandler("/run/user/1000/asyncz-companion/feed.sock", None)'],
	])('have a handler of Python itself send to %s', (address, call) => {
		expect(sendingLines(address, 'stdlib', FIXED)).toContain(
			`handler = logging.handlers.${call}\n`,
		);
	});

	test('are none for a named pipe, which Python can’t open as a socket', () => {
		expect(sendingLines('pipe:asyncz', 'package', 'pipe:asyncz')).toBeUndefined();
		expect(servingLines('pipe:asyncz')).toBeUndefined();
	});
});

test('the lines for a scheduler that serves name the address', () => {
	expect(servingLines('unix:/tmp/x.sock')).toContain('CompanionServer("unix:/tmp/x.sock")');
});

test.each([
	['/opt/app/python', 'pip install /opt/app/python'],
	["/home/o'neil/my app/python", String.raw`pip install '/home/o'\''neil/my app/python'`],
	[String.raw`C:\Program Files\app\python`, String.raw`pip install "C:\Program Files\app\python"`],
])('%s is installed by a command of its shell', (folder, command) => {
	expect(installCommand(folder)).toBe(command);
});
